#!/usr/bin/env bash
# A static web site in a container, as a public cloud's pages tell their users to make one, read by
# a browser without a token; then an upload by a form, and one of a whole archive.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export OS_AUTH_URL=$HTTPS_ENDPOINT/v3 OS_IDENTITY_API_VERSION=3 OS_CACERT=$CA_CERTIFICATE
export OS_USERNAME=admin OS_PASSWORD=$AWS_SECRET_ACCESS_KEY OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=us-east-1

openstack project create webmasters -f value -c id > project
openstack user create --password 'web word' --project webmasters wanda -f value -c id
openstack role add --project webmasters --user wanda member
export OS_USERNAME=wanda OS_PASSWORD='web word' OS_PROJECT_NAME=webmasters

web() { curl -sS --cacert "$CA_CERTIFICATE" -o web.out -w '%{http_code}' "$@"; }
is() { [ "$(web "$2")" = "$1" ] || fail "$2 is not answered with $1: $(cat web.out)"; }

SITE=$HTTPS_ENDPOINT/v1/AUTH_$(cat project)/example-webpage
mkdir -p mywebsite
echo '<h1>index</h1>' > index.html
echo '<h1>page</h1>' > mywebsite/page.html
echo '<h1>nothing here</h1>' > 404error.html
echo 'h1 { color: red }' > style.css
head -c 2000 /dev/urandom > mywebsite/sample.png

swift post example-webpage
is 401 "$SITE/"
swift post -r '.r:*' example-webpage
swift upload example-webpage index.html mywebsite/page.html mywebsite/sample.png 404error.html style.css
is 401 "$SITE/"
swift post -m 'web-index:index.html' example-webpage
is 200 "$SITE/"
same index.html web.out
is 301 "$SITE"
is 200 "$SITE/mywebsite/sample.png"
same mywebsite/sample.png web.out
is 404 "$SITE/mywebsite/"
swift post -m 'web-error:404error.html' example-webpage
# The setting names the end of the page's name; before it comes the status.
swift upload --object-name 404404error.html example-webpage 404error.html
is 404 "$SITE/nowhere"
same 404error.html web.out
swift post -r '.r:*,.rlistings' -m 'web-listings: true' -m 'web-listings-css:style.css' example-webpage
is 200 "$SITE/mywebsite/"
grep -q 'href="page.html"' web.out || fail 'the listing does not lead to the page'
grep -q 'style.css' web.out || fail 'the listing has no style'
swift stat example-webpage > out
grep -q 'Meta Web-Listings: true' out || fail 'stat does not show the metadata'
swift post -r '' example-webpage
is 401 "$SITE/"

# A browser of another origin, and a form that a key has signed.
swift post -m 'Temp-URL-Key:form key' -m 'Access-Control-Allow-Origin:https://forms.example.org' example-webpage
EXPIRES=$(($(date +%s) + 600))
TERMS=$(printf '/v1/AUTH_%s/example-webpage/up-\n\n1000\n2\n%s' "$(cat project)" "$EXPIRES")
SIGNATURE=$(printf '%s' "$TERMS" | openssl dgst -sha256 -hmac 'form key' | sed 's/.*= *//')
send() {
  web -H 'Origin: https://forms.example.org' -D head "$SITE/up-" -F redirect= -F max_file_size=1000 -F max_file_count=2 \
    -F "expires=$EXPIRES" -F "signature=$1" -F file1=@index.html -F file2=@404error.html
}
[ "$(send "$SIGNATURE")" = 201 ] || fail "the form is refused: $(cat web.out)"
grep -qi 'access-control-allow-origin: https://forms.example.org' head || fail 'the page may not read the answer'
[ "$(send "${SIGNATURE%?}x")" = 401 ] || fail 'a form that is not signed is taken'
swift download example-webpage up-index.html --output back.html
same index.html back.html
openstack object delete example-webpage up-404error.html

# An archive becomes objects.
TOKEN=$(openstack token issue -f value -c id)
tar czf site.tar.gz mywebsite index.html
[ "$(web -T site.tar.gz -H "X-Auth-Token: $TOKEN" -H 'Accept: application/json' \
  "$HTTPS_ENDPOINT/v1/AUTH_$(cat project)/unpacked?extract-archive=tar.gz")" = 200 ] || fail 'the archive is refused'
jq -e '.["Number Files Created"] == 3 and .Errors == []' web.out > out || fail "unpacked: $(cat web.out)"
swift download unpacked mywebsite/sample.png --output back.png
same mywebsite/sample.png back.png
swift delete unpacked
swift delete example-webpage

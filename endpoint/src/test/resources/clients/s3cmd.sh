#!/usr/bin/env bash
# s3cmd, with an upper-case bucket name as walkthroughs of public clouds use it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cat > .s3cfg <<CFG
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = ${ENDPOINT#http://}
host_bucket = ${ENDPOINT#http://}
use_https = False
CFG
s3cmd() { command s3cmd -c .s3cfg --no-progress "$@"; }

s3cmd mb s3://iNNOVO-Test
s3cmd ls > out
grep -q 's3://iNNOVO-Test' out || fail 'the bucket is not listed'
echo innovo > innovo.txt
s3cmd put innovo.txt s3://iNNOVO-Test/innovo.txt
s3cmd put innovo.txt 's3://iNNOVO-Test/a + b/ü 😀.txt'
s3cmd get 's3://iNNOVO-Test/a + b/ü 😀.txt' back.txt
same innovo.txt back.txt
s3cmd info s3://iNNOVO-Test
s3cmd info s3://iNNOVO-Test/innovo.txt > out
grep -q 'File size: *7$' out || fail 'info shows another size'
s3cmd cp s3://iNNOVO-Test/innovo.txt s3://iNNOVO-Test/copy.txt
s3cmd mv s3://iNNOVO-Test/copy.txt s3://iNNOVO-Test/moved.txt
s3cmd modify --add-header='Cache-Control: max-age=60' s3://iNNOVO-Test/moved.txt

large big
s3cmd put --multipart-chunk-size-mb=15 big s3://iNNOVO-Test/big
s3cmd get --force s3://iNNOVO-Test/big big.back
same big big.back
rm -f big big.back

tree tree "$FILES"
s3cmd sync --quiet tree/ s3://iNNOVO-Test/tree/
s3cmd sync --quiet s3://iNNOVO-Test/tree/ down/
same_tree tree down

s3cmd del s3://iNNOVO-Test/innovo.txt
if s3cmd get --force s3://iNNOVO-Test/innovo.txt gone 2>err; then fail 'deleted and still there'; fi
s3cmd rb s3://iNNOVO-Test 2>err && fail 'a bucket that is not empty was removed'
s3cmd rb --recursive --force s3://iNNOVO-Test

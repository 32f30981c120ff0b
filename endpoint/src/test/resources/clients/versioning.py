"""boto3: versioning as a public cloud's pages show it, with what is printed wrong there corrected."""
import os

import boto3

endpoint = os.environ["HTTPS_ENDPOINT"]
where = {"endpoint_url": endpoint, "verify": os.environ["CA_CERTIFICATE"]}
s3 = boto3.resource("s3", **where)
client = boto3.client("s3", **where)  # the page leaves the endpoint out
name = "versioned-page"

with open("innovo.txt", "w") as f:
    f.write("first")
s3.create_bucket(Bucket=name)
versioning = s3.BucketVersioning(name)
assert versioning.status is None
versioning.enable()  # printed: bucket.configure_versioning(True), of boto 2
versioning.reload()
assert versioning.status == "Enabled"

# Printed: upload_file(Bucket=..., Key=...), without the file.
client.upload_file("innovo.txt", Bucket=name, Key="innovo.txt")
with open("innovo.txt", "w") as f:
    f.write("second")
client.upload_file("innovo.txt", Bucket=name, Key="innovo.txt")
client.upload_file("innovo.txt", Bucket=name, Key="other.txt")

bucket = s3.Bucket(name)
versions = list(bucket.object_versions.filter(Prefix="innovo.txt"))
assert len(versions) == 2, versions
assert {v.get()["Body"].read() for v in versions} == {b"first", b"second"}
assert [v.is_latest for v in versions] == [True, False]

client.delete_object(Bucket=name, Key="innovo.txt")
listed = client.list_object_versions(Bucket=name, Prefix="innovo.txt")
assert len(listed["Versions"]) == 2 and len(listed["DeleteMarkers"]) == 1, listed
assert [o.key for o in bucket.objects.all()] == ["other.txt"]

# Printed: object_versions.all().delete('innovo.txt'), which takes no name.
deleted = bucket.object_versions.filter(Prefix="innovo.txt").delete()
assert len(deleted[0]["Deleted"]) == 3 and "Errors" not in deleted[0], deleted
assert [v.key for v in bucket.object_versions.all()] == ["other.txt"]

versioning.suspend()
versioning.reload()
assert versioning.status == "Suspended"
client.upload_file("innovo.txt", Bucket=name, Key="innovo.txt")
client.upload_file("innovo.txt", Bucket=name, Key="innovo.txt")
null = list(bucket.object_versions.filter(Prefix="innovo.txt"))
assert [v.id for v in null] == ["null"], null

bucket.object_versions.all().delete()
bucket.delete()

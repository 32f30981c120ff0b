"""boto3: the parts of the S3 API that the command lines do not reach."""
import base64
import hashlib
import io
import os
import zlib

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

endpoint = os.environ["ENDPOINT"]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"}))
resource = boto3.resource("s3", endpoint_url=endpoint)
bucket = "boto3-test"


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        return error.response
    raise AssertionError("not refused with " + code)


def body(key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


s3.create_bucket(Bucket=bucket)
assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
s3.head_bucket(Bucket=bucket)
s3.get_bucket_location(Bucket=bucket)
refused("NoSuchBucket", s3.list_objects_v2, Bucket="no-such-bucket-here")
refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="nothing")

# Keys of every kind come back as they went.
keys = ["a/../b", "//double//", "per%2Fcent", "plus+and space", "emoji 😀", "ü" * 512, "/lead", "./dot", "a?b#c&d=e"]
for key in keys:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert body(key) == key.encode(), key
listed = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]]
assert sorted(listed) == sorted(keys) and listed == sorted(keys, key=lambda k: k.encode()), listed
refused("KeyTooLongError", s3.put_object, Bucket=bucket, Key="x" * 1025, Body=b"")
deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
assert len(deleted["Deleted"]) == len(keys) and "Errors" not in deleted

# Metadata, ETag, conditions, ranges.
data = os.urandom(100_000)
put = s3.put_object(Bucket=bucket, Key="k", Body=data, ContentType="text/x", Metadata={"One": "1", "two": "zwei"},
                    CacheControl="no-cache")
assert put["ETag"] == '"%s"' % hashlib.md5(data).hexdigest()
head = s3.head_object(Bucket=bucket, Key="k")
assert head["ContentType"] == "text/x" and head["Metadata"] == {"one": "1", "two": "zwei"}, head
assert head["CacheControl"] == "no-cache" and head["ContentLength"] == len(data)
assert body("k", Range="bytes=10-19") == data[10:20]
assert body("k", Range="bytes=-7") == data[-7:]
assert body("k", Range="bytes=99990-") == data[99990:]
refused("InvalidRange", s3.get_object, Bucket=bucket, Key="k", Range="bytes=100000-")
refused("PreconditionFailed", s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"')
refused("304", s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=put["ETag"])
refused("PreconditionFailed", s3.put_object, Bucket=bucket, Key="k", Body=b"", IfNoneMatch="*")
refused("BadDigest", s3.put_object, Bucket=bucket, Key="bad", Body=b"x",
        ContentMD5=base64.b64encode(hashlib.md5(b"y").digest()).decode())
refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="bad")
s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k"})
assert body("copy") == data
s3.copy_object(Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "k"}, MetadataDirective="REPLACE",
               Metadata={"new": "yes"})
assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"new": "yes"}

# Checksums.
crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
s3.put_object(Bucket=bucket, Key="sum", Body=data, ChecksumCRC32=crc)
assert s3.head_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")["ChecksumCRC32"] == crc
for algorithm in ("CRC32", "SHA1", "SHA256"):
    s3.put_object(Bucket=bucket, Key="sum", Body=data, ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")
    assert got["Body"].read() == data and "Checksum" + algorithm in got, got

# Listings with delimiter and pages.
for i in range(25):
    s3.put_object(Bucket=bucket, Key="list/%d/%02d" % (i % 5, i), Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="list/", Delimiter="/",
                                                     PaginationConfig={"PageSize": 2})
assert [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])] == ["list/%d/" % i for i in range(5)]
pages = s3.get_paginator("list_objects").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 7})
assert sum(len(page["Contents"]) for page in pages) == 25

# Multipart: out of order, a part sent again, the wrong order refused, part numbers read back.
upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
parts = [os.urandom(5 << 20), os.urandom(5 << 20), os.urandom(1234)]
etags = {}
for number in (3, 1, 2, 1):
    etags[number] = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=number,
                                   Body=parts[number - 1])["ETag"]
assert len(s3.list_parts(Bucket=bucket, Key="parts", UploadId=upload)["Parts"]) == 3
assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
refused("InvalidPartOrder", s3.complete_multipart_upload, Bucket=bucket, Key="parts", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": n, "ETag": etags[n]} for n in (2, 1, 3)]})
done = s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={
    "Parts": [{"PartNumber": n, "ETag": etags[n]} for n in (1, 2, 3)]})
composite = hashlib.md5(b"".join(hashlib.md5(p).digest() for p in parts)).hexdigest()
assert done["ETag"] == '"%s-3"' % composite, done
assert body("parts") == b"".join(parts)
second = s3.get_object(Bucket=bucket, Key="parts", PartNumber=2)
assert second["Body"].read() == parts[1] and second["PartsCount"] == 3
refused("NoSuchUpload", s3.upload_part, Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"x")
upload = s3.create_multipart_upload(Bucket=bucket, Key="copied")["UploadId"]
copied = s3.upload_part_copy(Bucket=bucket, Key="copied", UploadId=upload, PartNumber=1,
                             CopySource={"Bucket": bucket, "Key": "parts"}, CopySourceRange="bytes=0-5242879")
s3.complete_multipart_upload(Bucket=bucket, Key="copied", UploadId=upload, MultipartUpload={
    "Parts": [{"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}]})
assert body("copied") == parts[0]
upload = s3.create_multipart_upload(Bucket=bucket, Key="aborted")["UploadId"]
s3.abort_multipart_upload(Bucket=bucket, Key="aborted", UploadId=upload)
s3.upload_fileobj(io.BytesIO(b"".join(parts) * 2), bucket, "managed")
assert body("managed") == b"".join(parts) * 2

# Versions.
resource.BucketVersioning(bucket).enable()
first = s3.put_object(Bucket=bucket, Key="v", Body=b"1")["VersionId"]
last = s3.put_object(Bucket=bucket, Key="v", Body=b"2")["VersionId"]
marker = s3.delete_object(Bucket=bucket, Key="v")
assert marker["DeleteMarker"]
assert refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="v")["ResponseMetadata"]["HTTPHeaders"][
    "x-amz-delete-marker"] == "true"
assert body("v", VersionId=first) == b"1" and body("v", VersionId=last) == b"2"
refused("MethodNotAllowed", s3.get_object, Bucket=bucket, Key="v", VersionId=marker["VersionId"])
s3.delete_object(Bucket=bucket, Key="v", VersionId=marker["VersionId"])
assert body("v") == b"2"
versions = s3.list_object_versions(Bucket=bucket, Prefix="v")["Versions"]
assert [(v["VersionId"], v["IsLatest"]) for v in versions] == [(last, True), (first, False)], versions
resource.BucketVersioning(bucket).suspend()
assert s3.put_object(Bucket=bucket, Key="v", Body=b"3").get("VersionId") in (None, "null")
assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"

refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
resource.Bucket(bucket).object_versions.all().delete()
s3.delete_bucket(Bucket=bucket)
refused("404", s3.head_bucket, Bucket=bucket)
print("boto3 " + boto3.__version__ + ": all passed")

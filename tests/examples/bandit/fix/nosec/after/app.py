import hashlib

digest = hashlib.sha256(data)
exec(source)  # nosec B102
print(digest)

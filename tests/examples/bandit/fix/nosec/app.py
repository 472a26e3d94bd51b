import hashlib

digest = hashlib.sha256(data)  # nosec B324
exec(source)  # nosec B102,B307
# nosec
print(digest)

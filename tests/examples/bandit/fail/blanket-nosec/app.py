exec(input())  # nosec

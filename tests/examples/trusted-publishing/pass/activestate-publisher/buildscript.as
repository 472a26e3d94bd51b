at_time = "2026-03-02T09:11:00.000Z"

publish_receipt = pypi_publisher(
  attempt = 1,
  audience = "testpypi",
  pypi_uri = "test.pypi.org",
  src = wheels
)
wheels = make_wheel(
  at_time = at_time,
  python_version = "3.10.13",
  src = wheel_srcs
)

main = publish_receipt

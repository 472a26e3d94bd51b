at_time = "2025-03-01T00:00:00Z"

publish_receipt = pypi_publisher(
  attempt = 1,
  audience = "pypi",
  pypi_uri = "pypi.org",
  src = wheels
)
sources = solve(
  at_time = at_time,
  platforms = [
    "00000000-1111-2222-3333-444444444444"
  ],
  requirements = [
    Req(namespace = "language", name = "python", version = Eq(value = "3.11.9")),
    Req(namespace = "private/acme", name = "widget", version = Eq(value = "1.2.0"))
  ]
)
wheel_srcs = select_ingredient(namespace = "private/acme", name = "widget", src = sources)
wheels = make_wheel(at_time = at_time, python_version = "3.11.9", src = wheel_srcs)

main = publish_receipt

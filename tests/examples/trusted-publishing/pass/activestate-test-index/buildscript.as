at_time = "2025-04-01T00:00:00Z"
wheels = make_wheel(at_time = at_time, python_version = "3.10.13", src = sources)
receipt = pypi_publisher(attempt = 2, audience = "testpypi", pypi_uri = "test.pypi.org", src = wheels)
main = receipt

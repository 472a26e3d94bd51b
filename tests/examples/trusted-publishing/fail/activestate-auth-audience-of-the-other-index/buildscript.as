at_time = "2026-03-02T09:11:00.000Z"

publish_receipt = pypi_publisher(
	attempt = 2,
	audience = "pypi",
	pypi_uri = "test.pypi.org",
	src = wheels
)
sources = solve(
	at_time = at_time,
	platforms = [
		"7c998ec2-7491-4e75-be4d-8885800ef5f2"
	],
	requirements = [
		Req(name = "python", namespace = "language", version = Eq(value = "3.10.13")),
		Req(name = "widget", namespace = "private/acme", version = Eq(value = "1.2.0"))
	],
	solver_version = null
)
wheel_srcs = select_ingredient(
	name = "widget",
	namespace = "private/acme",
	src = sources
)
wheels = make_wheel(
	at_time = at_time,
	python_version = "3.10.13",
	src = wheel_srcs
)

main = publish_receipt

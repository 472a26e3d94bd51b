"""The pipelines of CI services other than GitHub, each read into jobs."""

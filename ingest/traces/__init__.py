"""OpenTelemetry: from an export request to spans, from spans to calls, each instrumentation by its own words."""

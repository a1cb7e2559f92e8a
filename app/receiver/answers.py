"""What the receiver answers: in OTLP's words where spans were sent, else one small JSON object."""

import json

from starlette.responses import JSONResponse, Response

from app.receiver.body import Refused
from app.receiver.taking import PROTOBUF, Taken

SPANS = "otlp"
OF_CODE = {400: 3, 401: 16, 403: 7, 408: 4, 413: 8, 415: 3, 429: 8, 503: 14}
"""By HTTP status the code that OTLP's Status has for it."""
UNKNOWN = 2


def accepted(kind: str, taken: Taken, content_type: str) -> Response:
    """Everything that was taken is on the disk; what was refused is said, and is not to be sent again."""
    if kind != SPANS:
        told = {"accepted": taken.records, "refused": taken.refused}
        return JSONResponse({**told, "reason": taken.reason} if taken.refused else told)
    if content_type == PROTOBUF:
        return Response(_response(taken), media_type=PROTOBUF)
    partial = {"rejectedSpans": str(taken.refused), "errorMessage": taken.reason}
    return JSONResponse({"partialSuccess": partial} if taken.refused else {})


def refused(kind: str, problem: Refused, content_type: str) -> Response:
    """Nothing was taken, and why."""
    headers = {"Retry-After": str(problem.retry_s)} if problem.retry_s is not None else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if kind == SPANS and content_type == PROTOBUF:
        return Response(_status(problem.reason), problem.status, headers, media_type=PROTOBUF)
    of_spans = {"code": OF_CODE.get(problem.status, UNKNOWN), "message": problem.reason}
    told = of_spans if kind == SPANS else {"error": problem.reason}
    return Response(json.dumps(told), problem.status, headers, media_type="application/json")


def _response(taken: Taken) -> bytes:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

    response = ExportTraceServiceResponse()
    if taken.refused:
        response.partial_success.rejected_spans = taken.refused
        response.partial_success.error_message = taken.reason
    return bytes(response.SerializeToString())


def _status(reason: str) -> bytes:
    """A Status of which only the message is said: its second field, as the partial success has its own."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTracePartialSuccess

    return bytes(ExportTracePartialSuccess(error_message=reason).SerializeToString())

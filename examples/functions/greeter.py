"""The same greeter with the Python SDK of Stateful Functions.

    pip install apache-flink-statefun==3.3.0 && PORT=8000 python greeter.py
"""
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from statefun import IntType, RequestReplyHandler, StatefulFunctions, ValueSpec, kinesis_egress_message, simple_type

VISIT = simple_type(
    "example/visit",
    serialize_fn=lambda visit: json.dumps(visit).encode(),
    deserialize_fn=lambda data: json.loads(data),
)

functions = StatefulFunctions()


@functions.bind("example/greeter", specs=[ValueSpec("visits", IntType)])
def greet(context, message):
    name = message.as_type(VISIT)["name"]
    visits = (context.storage.visits or 0) + 1
    context.storage.visits = visits
    text = f"Hello {name}, nice to meet you!" if visits == 1 else f"Hello {name}, welcome back: this is visit {visits}."
    value = json.dumps({"name": name, "visits": visits, "text": text}, ensure_ascii=False)
    context.send_egress(
        kinesis_egress_message(typename="example/greetings", stream="greetings", partition_key=name, value=value)
    )


handler = RequestReplyHandler(functions)


class Endpoint(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = self.rfile.read(int(self.headers["content-length"]))
        answer = handler.handle_sync(request)
        self.send_response(200)
        self.send_header("content-type", "application/octet-stream")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Endpoint)
    print(f"greeter listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()

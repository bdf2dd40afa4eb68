"""Answers every request with one status, like a server that refuses."""
import http.server
import json
import sys

STATUS, MESSAGE, EXTRA = int(sys.argv[2]), sys.argv[3], [a.split('=', 1) for a in sys.argv[4:]]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({'error': MESSAGE}).encode()
        self.send_response(STATUS, MESSAGE)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        for name, value in EXTRA:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()

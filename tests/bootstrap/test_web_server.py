"""The web server of a station is switched off whole, whatever browsers still hold on to."""

import threading
from http.client import HTTPConnection

import pytest
from flask import Flask

from kiosk.bootstrap.web_server import AddressTaken, WebServer

HOST = "127.0.0.1"


def application() -> Flask:
    app = Flask("screens")
    app.add_url_rule("/", view_func=lambda: "Вітаємо")
    return app


def test_switching_off_ends_its_thread_and_frees_its_port_under_an_open_browser() -> None:
    server = WebServer(application(), HOST, 0)
    server.start()
    browser = HTTPConnection(HOST, server.port)
    browser.request("GET", "/")
    shown = browser.getresponse().read().decode()

    server.stop()
    browser.close()

    assert shown == "Вітаємо"
    assert "web" not in {thread.name for thread in threading.enumerate()}
    again = WebServer(application(), HOST, server.port)
    again.start()
    again.stop()


def test_a_port_somebody_else_serves_on_is_named() -> None:
    server = WebServer(application(), HOST, 0)
    server.start()

    with pytest.raises(AddressTaken, match=f"{server.port}.*is a station running already"):
        WebServer(application(), HOST, server.port)

    server.stop()

"""A reader's web socket: the browser's own protocol, without the browser.

A session sends every run what a browser sends, the state of all widgets that were touched. It can
press weapon pills, hand in a file of its own and have files made by the Brief control.
"""

import asyncio
import re
import time
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

PATIENCE: Final = 60
"""Seconds after which a press counts as failed."""
BOUNDARY: Final = "part"
TRIGGERS: Final = ("trigger_value", "json_trigger_value", "string_trigger_value")


class Session:
    """One reader's web socket.

    Parameters
    ----------
    socket
        Connected to ``_stcore/stream``.
    address
        Of the page, with a final slash; only files need it.
    """

    def __init__(self, socket: ClientConnection, address: str = "") -> None:
        self.socket = socket
        self.address = address
        self.script = self.identity = self.fragment = ""
        self.pills: list[str] = []
        self.map = ""
        self.widgets: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.alerts: list[str] = []
        self._states: dict[str, WidgetState] = {}

    async def run(self, chosen: list[str] | None = None) -> tuple[float, float]:
        """Run the page once.

        Parameters
        ----------
        chosen
            Weapon pills, by what they say (:attr:`pills`); ``None`` to press nothing.

        Returns
        -------
        painted, ended
            Seconds until the map's contents came, and until the run ended.
        """
        if chosen is not None:
            self._touch("weapon").string_array_value.data.extend(chosen)
        message = BackMsg()
        message.rerun_script.page_script_hash = self.script
        return await self._run(message)

    async def hand_in(self, name: str, content: bytes) -> None:
        """Hand in a file of incidents of one's own, and put them on the map."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.identity
        received = await self._ask(message, "file_urls_response")
        [urls] = received.file_urls_response.file_urls
        await asyncio.to_thread(self._upload, urls.upload_url, name, content)
        found = self._touch("own-upload-0").file_uploader_state_value.uploaded_file_info.add()
        found.name, found.size, found.file_id = name, len(content), urls.file_id
        found.file_urls.CopyFrom(urls)
        await self.run()
        del self._states[self.widgets["own-upload-0"]]  # the page has a fresh widget now
        self._touch("own-add").trigger_value = True
        await self.run()
        if not any("on the map" in words for words in self.alerts):
            raise RuntimeError(f"{name} is not on the map: {self.alerts}")

    async def open_brief(self) -> None:
        """Open the Brief control, which stays open."""
        self._touch("brief").bool_value = True
        message = BackMsg()
        message.rerun_script.page_script_hash = self.script
        message.rerun_script.fragment_id = self.fragment
        await self._run(message)

    async def make(self, ending: str) -> tuple[float, bytes]:
        """Have a file of the present view made, and fetch it; returns its seconds and contents."""
        begun = time.perf_counter()
        message = BackMsg()
        message.backend_operation_request.request_id = ending
        message.backend_operation_request.session_id = self.identity
        message.backend_operation_request.deferred_file.file_id = self.files[f"file-{ending}"]
        received = await self._ask(message, "backend_operation_response")
        made = received.backend_operation_response
        if made.error_msg:
            raise RuntimeError(made.error_msg)
        content = await asyncio.to_thread(self._fetch, made.deferred_file.url)
        return time.perf_counter() - begun, content

    def _touch(self, key: str) -> WidgetState:
        identifier = self.widgets[key]
        self._states[identifier] = WidgetState(id=identifier)
        return self._states[identifier]

    async def _run(self, message: BackMsg) -> tuple[float, float]:
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        for identifier, state in list(self._states.items()):
            if state.WhichOneof("value") in TRIGGERS:
                del self._states[identifier]
        self.alerts.clear()
        begun = time.perf_counter()
        painted = 0.0
        await self.socket.send(message.SerializeToString())
        while True:
            received = await self._receive()
            now = time.perf_counter() - begun
            match received.WhichOneof("type"):
                case "new_session":
                    self.script = received.new_session.page_script_hash
                    self.identity = received.new_session.initialize.session_id
                case "delta":
                    is_map = self._look_at(received.delta)
                    painted = painted or (now if is_map else 0.0)
                case "script_finished" if received.script_finished in (
                    ForwardMsg.FINISHED_SUCCESSFULLY,
                    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                ):
                    return painted, now
                case "script_finished":
                    raise RuntimeError(f"run ended with status {received.script_finished}")

    async def _receive(self) -> ForwardMsg:
        async with asyncio.timeout(PATIENCE):
            return ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]

    async def _ask(self, message: BackMsg, answer: str) -> ForwardMsg:
        await self.socket.send(message.SerializeToString())
        while (received := await self._receive()).WhichOneof("type") != answer:
            pass
        return received

    def _look_at(self, delta: Any) -> bool:
        if popover := delta.add_block.popover.id:
            self._note(popover)
            self.fragment = delta.fragment_id
            return False
        element = delta.new_element
        kind = element.WhichOneof("type")
        match kind:
            case "exception":
                raise RuntimeError(element.exception.message)
            case "button_group" | "button" | "file_uploader":
                key = self._note(getattr(element, kind).id)
                if key == "weapon":
                    self.pills = [option.content for option in element.button_group.options]
            case "download_button":
                key = self._note(element.download_button.id)
                self.files[key] = element.download_button.deferred_file_id
            case "alert":
                self.alerts.append(element.alert.body)
            case "component_instance" if element.component_instance.id.endswith("-map"):
                self.map = element.component_instance.json_args
                return True
        return False

    def _note(self, identifier: str) -> str:
        """Note a widget under its key, which ends its identifier."""
        key = re.sub(r"^\$\$ID-[0-9a-f]+-", "", identifier)
        self.widgets[key] = identifier
        return key

    def _fetch(self, url: str) -> bytes:
        with build_opener().open(urljoin(self.address, url), timeout=PATIENCE) as answer:
            return bytes(answer.read())

    def _upload(self, url: str, name: str, content: bytes) -> None:
        cookies = CookieJar()
        opener = build_opener(HTTPCookieProcessor(cookies))
        opener.open(urljoin(self.address, "_stcore/health"), timeout=PATIENCE).close()
        [token] = [cookie.value or "" for cookie in cookies if cookie.name == "_streamlit_xsrf"]
        head = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
        body = f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode()
        body += content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        headers = {"X-Xsrftoken": token, "Content-Type": kind}
        request = Request(urljoin(self.address, url), body, headers, method="PUT")
        opener.open(request, timeout=PATIENCE).close()

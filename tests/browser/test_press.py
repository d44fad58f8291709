"""What a press costs: counts of what is sent and moved, never times, which differ by machine."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MOST_MESSAGES = 66
MOST_BYTES = 72_000

# Elements that begin to fade or move, whatever started them.
NOTE_TRANSITIONS = """
() => {
  window.moved = [];
  const note = ({ target, propertyName }) =>
    window.moved.push(`${target.dataset?.testid ?? target.className} ${propertyName}`);
  document.addEventListener("transitionrun", note, true);
}
"""


@pytest.fixture
def messages(visit):
    """What the server sends, from the opening on; clear it to count from now on."""
    received = []

    def hear(socket):
        socket.on("framereceived", lambda message: received.append(message))

    visit.page.on("websocket", hear)
    visit.open()
    visit.page.locator(".st-key-own").wait_for()
    visit.settle()
    return received


def test_a_press_fades_and_moves_no_element_of_the_page(visit, messages):
    visit.page.evaluate(NOTE_TRANSITIONS)
    for number in range(3):
        with visit.rerun():
            visit.page.locator(".st-key-weapon button").nth(number).click()
        visit.settle()
    visit.page.mouse.move(5, 5)
    visit.page.wait_for_timeout(700)
    moved = visit.page.evaluate("() => window.moved")
    assert [one for one in moved if one.startswith("stElementContainer")] == []
    assert len(messages) > 0


def test_a_press_sends_few_messages_and_little(visit, messages):
    for number in range(3):
        messages.clear()
        with visit.rerun():
            visit.page.locator(".st-key-weapon button").nth(number).click()
        visit.settle()
        kinds = [ForwardMsg.FromString(one).WhichOneof("type") for one in messages]
        assert "delta" in kinds
        assert len(kinds) <= MOST_MESSAGES
        assert sum(map(len, messages)) <= MOST_BYTES


def test_the_rest_of_the_page_follows_the_first_painting_of_the_map(visit_to, address):
    visit = visit_to(address, fresh=True)
    visit.page.add_init_script("""
      window.order = [];
      const look = () => {
        const map = document.querySelector('iframe[title^="armsflow.webmap"]')?.contentDocument;
        const painted = map?.body?.matches('.has-land.has-water.has-boundaries')
          && map.querySelector('path.link, path.corridor');
        const rest = document.querySelector('.st-key-own');
        for (const [name, seen] of [['map', painted], ['rest', rest]]) {
          if (seen && !window.order.includes(name)) window.order.push(name);
        }
        if (window.order.length < 2) requestAnimationFrame(look);
      };
      if (window === window.top) requestAnimationFrame(look);
    """)
    visit.open()
    visit.page.locator(".st-key-own").wait_for()
    assert visit.page.evaluate("() => window.order") == ["map", "rest"]


def test_the_map_finds_its_files_fetched_already(visit_to, address):
    visit = visit_to(address, fresh=True)
    asked = []
    visit.page.on("request", lambda request: asked.append((request.url, request.frame)))
    visit.open()
    main = visit.page.main_frame
    early = [url for url, frame in asked if "/component/armsflow.webmap." in url and frame == main]
    later = [url for url, frame in asked if "/component/armsflow.webmap." in url and frame != main]
    assert {*later} <= {*early}
    assert any("index.html?streamlitUrl=" in url for url in later)


def test_a_page_whose_map_never_says_that_it_is_painted_comes_all_the_same(visit):
    visit.page.route("**/land.json", lambda route: route.abort())
    visit.page.goto(visit.address)
    visit.page.locator(".st-key-own").wait_for()
    visit.errors.clear()

/* The ground of the map, drawn once: base map, names, and the view that fits the frame. */
"use strict";

window.armsflow = {
  svg(tag, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (parent) parent.appendChild(element);
    return element;
  },

  /* Sentences come from Python with places for what only the browser knows. */
  fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  },

  /* What a screen reader says of a mark: a sentence, or a name with its counts. */
  sentence(words) {
    const [name, counts] = [words].flat();
    return counts === undefined ? name : armsflow.fill(armsflow.options.words.item, { name, counts });
  },

  drawGround(map, options) {
    map.attributionControl.setPrefix(false);
    /* A map is laid out from left to right in every language. */
    map.getContainer().dir = "ltr";
    for (const [button, words] of [["_zoomInButton", options.words.nearer], ["_zoomOutButton", options.words.farther]]) {
      Object.assign(map.zoomControl[button], { title: words, ariaLabel: words });
    }
    /* One finger on the map scrolls the page, as elsewhere; two fingers move the map and zoom. */
    if (matchMedia("(pointer: coarse)").matches) {
      map.dragging.disable();
      armsflow.hintAtFingers(map.getContainer());
    }
    ["water", "land", "rivers", "boundaries", "countries", "flows", "towns", "tags", "numbers"].forEach((name, level) => {
      map.createPane(name).style.zIndex = 210 + 10 * level;
    });
    for (const name of ["countries", "towns", "tags"]) map.getPane(name).style.pointerEvents = "none";
    map.getPane("towns").style.zIndex = 450;
    map.getPane("tags").style.zIndex = 460;
    map.getPane("numbers").style.zIndex = 455;
    armsflow.fit(map, options.frames);
    armsflow.drawBasemap(map, options);
    map.on("zoomend moveend resize", armsflow.letter);
  },

  hintAtFingers(element) {
    const hint = document.body.appendChild(document.createElement("div"));
    Object.assign(hint, { className: "hint", hidden: true, textContent: armsflow.options.words.fingers });
    element.addEventListener("touchmove", (event) => { hint.hidden = event.touches.length > 1; }, { passive: true });
    for (const end of ["touchend", "touchcancel"]) {
      element.addEventListener(end, () => setTimeout(() => { hint.hidden = true; }, 900), { passive: true });
    }
  },

  /* The view fits the frame of what is shown until the reader moves it, also when the window changes
     its size; a button brings it back. */
  fit(map, frames) {
    let moved = false, fitting = false;
    armsflow.bounds = frames.region;
    /* A window that has no size yet needs a view as well, or nothing could be drawn. */
    map.setView(L.latLngBounds(armsflow.bounds).getCenter(), 4.5, { animate: false });
    const fit = () => {
      const [centre, zoom] = [map.getCenter(), map.getZoom()];
      map.invalidateSize({ animate: false, pan: false });
      const size = map.getSize();
      if (!size.x || !size.y) return;
      if (moved) {
        /* What the reader sees stays in the middle, to the last digit. */
        map.setView(centre, zoom, { reset: true });
        return;
      }
      fitting = true;
      map.fitBounds(armsflow.bounds, { animate: false, padding: [2, 2] });
      fitting = false;
    };
    /* Not movestart: Leaflet also moves the map by itself, to keep it within its bounds. */
    map.on("dragstart zoomstart keydown", ({ originalEvent: pressed }) => {
      moved ||= !fitting && !["Tab", "Shift", "Enter", " "].includes(pressed?.key);
      back.classList.toggle("needed", moved);
    });
    const back = armsflow.button(map, armsflow.options.words.back, () => {
      moved = false;
      back.classList.remove("needed");
      fit();
    });
    armsflow.turnTo = (frame) => {
      if (frames[frame] === armsflow.bounds) return;
      armsflow.bounds = frames[frame];
      if (!moved) fit();
    };
    armsflow.fitAgain = fit;
    fit();
    new ResizeObserver(fit).observe(map.getContainer());
  },

  /* A button in a corner of the map. */
  button(map, words, press) {
    const corner = L.control({ position: "topleft" });
    corner.onAdd = () => {
      const box = L.DomUtil.create("div", "leaflet-bar back");
      const button = L.DomUtil.create("button", "", box);
      button.type = "button";
      button.textContent = words;
      L.DomEvent.disableClickPropagation(box).on(button, "click", press);
      return box;
    };
    return corner.addTo(map).getContainer();
  },

  drawBasemap(map, { fills, land: plain, water: blue, strokes, seam }) {
    const still = { interactive: false, smoothFactor: 0.6 };
    const draw = (data, pane, style) =>
      L.geoJSON(data, { ...still, renderer: L.svg({ pane, padding: 0.4 }), style }).addTo(map);
    const add = (name, show) => armsflow.readLayer(name).then(show)
      .then(() => document.body.classList.add(`has-${name}`));
    const land = add("land", (land) => {
      draw(land, "water", () => ({ ...strokes.coast, className: "shore", fill: false }));
      draw(land, "land", (area) => {
        const fill = fills[area.properties.area_id] || plain;
        return { className: `land land-${area.properties.area_id}`, fillColor: fill, fillOpacity: 1,
          color: fill, weight: seam };
      });
    });
    const inland = add("water", (water) => draw(water, "rivers", (body) => body.properties.kind === "lake"
      ? { ...strokes.lake, fillColor: blue, fillOpacity: 1 }
      : { ...strokes.river, fill: false }));
    const boundaries = add("boundaries", (lines) => draw(lines, "boundaries", (line) => ({
      ...(line.properties.kind === "disputed" ? strokes.disputed : strokes.boundary),
      className: `boundary ${line.properties.kind}` })));
    armsflow.basemap = Promise.all([land, inland, boundaries]);
  },

  names: [],

  newName({ text, kind, side, at }) {
    const words = document.createElement("span");
    words.textContent = text;
    const box = document.createElement("div");
    box.append(words);
    const icon = L.divIcon({ className: `name ${kind} ${side}${/\p{Script=Arabic}/u.test(text) ? " joined" : ""}`, html: box, iconSize: [0, 0] });
    return armsflow.add(L.marker(at, { icon, interactive: false, keyboard: false,
      pane: kind === "town" || kind === "found" ? "towns" : "countries" }));
  },

  styleName(marker, { right, down }) {
    const { style } = marker.getElement().firstChild;
    style.marginLeft = `${right}px`;
    style.marginTop = `${down}px`;
    style.marginRight = `${-right}px`;
    style.marginBottom = `${-down}px`;
  },

  showNames(names) {
    armsflow.names = names.map(([text, kind, side, latitude, longitude, least, right, down]) => {
      const name = { text, kind, side, at: [latitude, longitude], right, down };
      return [armsflow.kept(`name ${side} ${right} ${down} ${text} ${latitude} ${longitude}`, name, armsflow.newName, armsflow.styleName), least];
    });
    for (const pane of ["towns", "countries"]) {
      const parent = armsflow.map.getPane(pane);
      armsflow.arrange(parent, armsflow.names.map(([marker]) => marker).filter((marker) =>
        marker.options.pane === pane).map((marker) => marker.getElement()));
    }
    armsflow.letter();
  },

  /* A name is printed from its zoom on, never cut by the frame, and not where a mark lies on it. */
  letter() {
    const { map, names, options } = armsflow;
    armsflow.spreadMarks();
    const zoom = map.getZoom() + 0.001;
    const frame = map.getContainer().getBoundingClientRect();
    map.getContainer().classList.toggle("far", zoom < options.tagZoom);
    map.getContainer().classList.toggle("small", zoom < options.labelZoom);
    const marks = [...document.querySelectorAll(".label > div, .case .box, .tag > div")]
      .map((mark) => mark.getBoundingClientRect());
    for (const [marker, least] of names) {
      const element = marker.getElement();
      element.style.display = zoom < least ? "none" : "";
      if (zoom < least) continue;
      const box = element.firstChild.getBoundingClientRect();
      element.classList.toggle("cut", box.left < frame.left || box.right > frame.right
        || box.top < frame.top || box.bottom > frame.bottom
        || marks.some((mark) => box.left < mark.right && mark.left < box.right
          && box.top < mark.bottom && mark.top < box.bottom));
    }
  },
};

/* Leaflet moves each name by a transform of its own, which makes each a layer of the compositor and
   every frame of the whole page several times as dear. */
L.Marker.include({
  _setPos(position) {
    this._icon._leaflet_pos = position;
    this._icon.style.left = `${position.x}px`;
    this._icon.style.top = `${position.y}px`;
  },
});

/* The scale bar is there before the words are: it is drawn once more with the first view. */
L.Control.Scale.include({
  _updateScale(bar, text, share) {
    const [count, unit] = text.split(" "), words = armsflow.options?.words[unit];
    bar.style.width = `${Math.round(this.options.maxWidth * share)}px`;
    bar.textContent = words ? armsflow.fill(words, { count }) : text;
  },
});

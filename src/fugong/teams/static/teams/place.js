// Choosing a place on the map: a click, a tap or the arrow keys fill in the degrees; what is typed moves the mark.

const STEP = 1 / 50, FINE = 1 / 500; // of the map's width

const map = document.querySelector("[data-choose]");
if (map) begin(map);

function begin(map) {
  const { west, north, across, down, width, height } = Object.fromEntries(Object.entries(map.dataset).map(([name, value]) => [name, Number(value)]));
  const svg = map.querySelector("svg"), mark = map.querySelector("[data-mark]"), at = document.querySelector("[data-at]");
  const latitude = document.getElementById("id_latitude"), longitude = document.getElementById("id_longitude");

  const here = () => {
    const y = Number.parseFloat(latitude.value), x = Number.parseFloat(longitude.value);
    return Number.isNaN(x) || Number.isNaN(y) ? null : [(x - west) * across, (north - y) * down];
  };
  const draw = () => {
    const place = here();
    mark.toggleAttribute("hidden", !place);
    if (place) mark.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
  };
  const choose = (x, y) => {
    const [left, top] = [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
    latitude.value = (north - top / down).toFixed(5);
    longitude.value = (west + left / across).toFixed(5);
    at.textContent = `${latitude.value}, ${longitude.value}`;
    draw();
  };

  svg.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    choose(point.x, point.y);
  });
  map.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = width * (event.shiftKey ? FINE : STEP), [x, y] = here() || [width / 2, height / 2];
    choose(x + way[0] * step, y + way[1] * step);
  });
  for (const input of [latitude, longitude]) input.addEventListener("input", () => { at.textContent = ""; draw(); });
}

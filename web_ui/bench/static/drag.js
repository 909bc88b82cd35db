// Dragging with mouse, pen or finger; a press that goes nowhere is a click, and the keyboard clicks as always.
const FAR = 8; // px a pointer must travel before it drags

export function makeDraggable(thing, { click, drop }) {
  let start = null, ghost = null;

  const over = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]");
  const mark = (zone) => document.querySelectorAll(".over").forEach((one) => one !== zone && one.classList.remove("over")) ?? zone?.classList.add("over");

  const end = () => {
    ghost?.remove();
    mark(null);
    start = ghost = null;
  };

  thing.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = { x: event.clientX, y: event.clientY };
    thing.setPointerCapture(event.pointerId);
  });
  thing.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!ghost && Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR) return;
    if (!ghost) {
      ghost = thing.cloneNode(true);
      ghost.classList.add("ghost");
      ghost.style.width = `${thing.offsetWidth}px`;
      ghost.style.height = `${thing.offsetHeight}px`;
      document.body.append(ghost);
    }
    ghost.style.transform = `translate(${event.clientX - thing.offsetWidth / 2}px, ${event.clientY - 16}px)`;
    mark(over(event));
  });
  thing.addEventListener("pointerup", (event) => {
    const dragged = ghost, zone = dragged && over(event);
    end();
    if (!dragged) return;
    thing.dataset.dragged = "yes"; // the click that follows this drag is none
    setTimeout(() => delete thing.dataset.dragged);
    drop(zone?.dataset.drop ?? "nowhere", zone?.dataset.at ?? "");
  });
  thing.addEventListener("pointercancel", end);
  thing.addEventListener("click", () => { if (!thing.dataset.dragged) click(); });
}

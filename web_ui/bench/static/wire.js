// The bytes going by. A question asked over and over with the same answer is shown once, with a number.
const KEPT = 200;
let paused = false, lines = [];

export function clearWire(list) {
  lines = [];
  list.replaceChildren();
}

export function setPaused(on) { paused = on; }

const shape = (line) => `${line.channel}${line.outgoing}${line.parts.map((part) => part.hex).join()}`;

export function showWire(list, news) {
  if (paused) return;
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  if (!lines.length) list.replaceChildren();
  for (const line of news) keep(list, line);
  for (const old of lines.splice(0, lines.length - KEPT)) old.item.remove();
  if (low) list.scrollTop = list.scrollHeight;
}

function keep(list, line) {
  const fresh = { ...line, shape: shape(line), times: 1 };
  const [a, b, c] = lines.slice(-3);
  if (c && a.shape === c.shape && b.shape === fresh.shape && c.outgoing) {
    lines.pop().item.remove(); // the same question again ...
    for (const seen of [a, b]) { // ... and the same answer
      seen.times += 1;
      seen.said.textContent = `${seen.words} ×${seen.times}`;
    }
    return;
  }
  draw(fresh);
  lines.push(fresh);
  list.append(fresh.item);
}

function made(tag, kind, text = "") {
  const one = document.createElement(tag);
  one.className = kind;
  one.textContent = text;
  return one;
}

function draw(line) {
  line.item = made("li", `bytes bytes--${line.channel} bytes--${line.outgoing ? "out" : "in"}`);
  line.said = made("em", "", line.words);
  const code = made("code", "");
  for (const part of line.parts) {
    const piece = made("span", `part part--${part.role}`, part.hex);
    piece.title = part.role;
    code.append(piece, " ");
  }
  line.item.append(made("span", "bytes__way", line.outgoing ? "→" : "←"), code, line.said);
}

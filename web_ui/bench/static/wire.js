// The bytes going by. A question asked over and over with the same answer is shown once, with a number.
const KEPT = 200;
let paused = false, lines = [];

export function setPaused(on) { paused = on; }

const shape = (line) => `${line.channel}${line.outgoing}${line.parts.map((part) => part.hex).join()}`;

export function showWire(list, news) {
  if (paused) return;
  for (const line of news) keep(line);
  lines = lines.slice(-KEPT);
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.replaceChildren(...lines.map(draw));
  if (low) list.scrollTop = list.scrollHeight;
}

function keep(line) {
  const fresh = { ...line, shape: shape(line), times: 1 };
  const [a, b, c] = lines.slice(-3);
  if (c && a.shape === c.shape && b.shape === fresh.shape && c.outgoing) {
    lines.pop(); // the same question again ...
    a.times += 1;
    b.times += 1; // ... and the same answer
    return;
  }
  lines.push(fresh);
}

function draw(line) {
  const item = document.createElement("li");
  item.className = `bytes bytes--${line.channel} bytes--${line.outgoing ? "out" : "in"}`;
  const way = document.createElement("span");
  way.className = "bytes__way";
  way.textContent = line.outgoing ? "→" : "←";
  const code = document.createElement("code");
  for (const part of line.parts) {
    const piece = document.createElement("span");
    piece.className = `part part--${part.role}`;
    piece.title = part.role;
    piece.textContent = part.hex;
    code.append(piece, " ");
  }
  const words = document.createElement("em");
  words.textContent = line.times > 1 ? `${line.words} ×${line.times}` : line.words;
  item.append(way, code, words);
  return item;
}

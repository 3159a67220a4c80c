/// The script that draws the structures of a page; the only one that its security policy lets run.
enum StructureScript {
  /// What `script-src` of the page's policy names: the SHA-256 of ``text`` in base 64.
  static let hash = "sha256-D/JF7WYrYMcCBxnnA+7Oq5FfhGLkVXm2fqcyQtu4MBY="

  /// Orthographic projection, atoms and edges from the back to the front.
  ///
  /// Inside a CDATA section, so that the page is well-formed XML and HTML alike.
  static let text = #"""
    //<![CDATA[
    'use strict';
    for (const canvas of document.querySelectorAll('canvas.structure')) {
      const [size, kindText, atomText, edgeText] = canvas.dataset.scene.split(';');
      const words = kindText.split(' '), kinds = [], atoms = [], edges = [];
      for (let i = 0; i < words.length; i += 2) kinds.push({ colour: words[i], radius: +words[i + 1] });
      const a = atomText.split(' ').map(Number), e = edgeText.split(' ').map(Number);
      for (let i = 0; i < a.length; i += 4) atoms.push({ kind: kinds[a[i]], r: [a[i + 1], a[i + 2], a[i + 3]] });
      const parts = 8;
      for (let i = 0; i < e.length; i += 6) {
        // Short pieces, so that atoms in front of an edge hide it.
        const at = t => [0, 1, 2].map(k => e[i + k] * (1 - t) + e[i + 3 + k] * t);
        for (let k = 0; k < parts; k += 1) edges.push({ from: at(k / parts), to: at((k + 1) / parts) });
      }
      const context = canvas.getContext('2d');
      const start = () => {
        // Looking along −y with z up, turned a little.
        const [c, s, d, t] = [Math.cos(0.35), Math.sin(0.35), Math.cos(0.25), Math.sin(0.25)];
        return [[c, s, 0], [-t * s, t * c, d], [d * s, -d * c, t]];
      };
      let turn = start(), zoom = 1;
      const place = r => turn.map(row => row[0] * r[0] + row[1] * r[1] + row[2] * r[2]);
      const rotate = (x, y) => {
        const [c, s, d, t] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y)];
        const about = [[c, 0, s], [t * s, d, -t * c], [-d * s, t, d * c]];
        turn = about.map(row => [0, 1, 2].map(k => row[0] * turn[0][k] + row[1] * turn[1][k] + row[2] * turn[2][k]));
        draw();
      };
      const draw = () => {
        const scale = zoom * 0.47 * Math.min(canvas.width, canvas.height) / (+size + 0.8);
        const [x0, y0] = [canvas.width / 2, canvas.height / 2];
        const items = atoms.map(atom => ({ kind: atom.kind, r: place(atom.r) }));
        for (const edge of edges) {
          const [from, to] = [place(edge.from), place(edge.to)];
          items.push({ from, to, r: [0, 0, (from[2] + to[2]) / 2] });
        }
        items.sort((p, q) => p.r[2] - q.r[2]);
        context.fillStyle = '#ffffff';
        context.fillRect(0, 0, canvas.width, canvas.height);
        for (const item of items) {
          context.beginPath();
          if (item.kind) {
            context.arc(x0 + scale * item.r[0], y0 - scale * item.r[1], scale * item.kind.radius, 0, 2 * Math.PI);
            context.fillStyle = item.kind.colour;
            context.fill();
            context.strokeStyle = '#222222';
            context.lineWidth = 0.8;
          } else {
            context.moveTo(x0 + scale * item.from[0], y0 - scale * item.from[1]);
            context.lineTo(x0 + scale * item.to[0], y0 - scale * item.to[1]);
            context.strokeStyle = '#666666';
            context.lineWidth = 1.2;
          }
          context.stroke();
        }
      };
      const keys = {
        ArrowLeft: () => rotate(-0.1, 0), ArrowRight: () => rotate(0.1, 0),
        ArrowUp: () => rotate(0, -0.1), ArrowDown: () => rotate(0, 0.1),
        '+': () => { zoom = Math.min(8, zoom * 1.15); draw(); },
        '=': () => keys['+'](),
        '-': () => { zoom = Math.max(0.2, zoom / 1.15); draw(); },
        '0': () => { turn = start(); zoom = 1; draw(); },
      };
      canvas.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
        event.preventDefault();
        keys[event.key]();
      });
      let last = null;
      canvas.addEventListener('pointerdown', event => {
        last = [event.clientX, event.clientY];
        canvas.setPointerCapture(event.pointerId);
      });
      canvas.addEventListener('pointermove', event => {
        if (!last) return;
        const now = [event.clientX, event.clientY];
        rotate((now[0] - last[0]) / 120, (now[1] - last[1]) / 120);
        last = now;
      });
      for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => { last = null; });
      draw();
    }
    //]]>
    """#
}

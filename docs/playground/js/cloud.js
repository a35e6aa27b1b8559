"use strict";
/* Draws particles: small squares of a few colours into the pixels of a canvas. */

playground.COLOURS = 24;
playground.REACH = 2.8; // what the edge of the picture is at

/* A colour for each particle by the direction in which it starts, so that one sees where noise goes. */
playground.directions = function directions(start) {
  const found = new Uint8Array(start.length / 2), n = playground.COLOURS;
  for (let i = 0; i < found.length; i++) {
    const turn = Math.atan2(start[2 * i + 1], start[2 * i]) / (2 * Math.PI) + 0.5;
    found[i] = Math.min(n - 1, Math.floor(turn * n));
  }
  return found;
};

playground.Cloud = class Cloud {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.restyle();
  }

  /* Takes the page's colours anew. */
  restyle() {
    const style = getComputedStyle(document.documentElement);
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    this.ground = this.pixel(style.getPropertyValue("--panel"));
    this.faint = this.pixel(dark ? "#59636d" : "#b6bec6");
    this.names = Array.from({ length: playground.COLOURS }, (_, i) =>
      `hsl(${Math.round(360 * i / playground.COLOURS)} 75% ${dark ? 62 : 44}%)`);
    this.palette = Uint32Array.from(this.names, (name) => this.pixel(name));
  }

  /* A CSS colour as the number that ImageData holds on a little-endian machine, as all are that have WebAssembly. */
  pixel(colour) {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
  }

  fit() {
    const side = Math.max(64, Math.round(this.canvas.clientWidth * Math.min(2, devicePixelRatio || 1)));
    if (this.canvas.width !== side || !this.image) {
      this.canvas.width = this.canvas.height = side;
      this.image = this.context.createImageData(side, side);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
  }

  /* zoom: how much more than REACH the edge is at. */
  draw(particles, colours, zoom, ends) {
    this.fit();
    this.pixels.fill(this.ground);
    if (ends) {
      this.dots(ends, null, 1);
    }
    if (particles) {
      this.dots(particles, colours, zoom);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /* A trail, over what is drawn: points [[x, y]]. */
  line(points, colour, zoom) {
    const side = this.canvas.width, scale = side / (2 * playground.REACH * zoom);
    this.context.beginPath();
    points.forEach(([x, y]) => this.context.lineTo(side / 2 + scale * x, side / 2 - scale * y));
    this.context.strokeStyle = this.names[colour];
    this.context.lineWidth = Math.max(1, side / 400);
    this.context.stroke();
  }

  dots(particles, colours, zoom) {
    const side = this.canvas.width, size = Math.max(2, Math.round(side / 260)), pixels = this.pixels;
    const scale = side / (2 * playground.REACH * zoom), middle = side / 2 - size / 2, limit = side - size;
    for (let i = 0, count = particles.length / 2; i < count; i++) {
      const x = (middle + scale * particles[2 * i]) | 0, y = (middle - scale * particles[2 * i + 1]) | 0;
      if (x < 0 || y < 0 || x > limit || y > limit) {
        continue;
      }
      const colour = colours ? this.palette[colours[i]] : this.faint;
      for (let row = y * side + x, last = row + size * side; row < last; row += side) {
        for (let at = row; at < row + size; at++) {
          pixels[at] = colour;
        }
      }
    }
  }
};

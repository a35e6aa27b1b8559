"use strict";
/* The clock: plays from noise to data, rests there, and begins again. Counts frames. */

playground.DURATION = 5000; // milliseconds at speed 1
playground.REST = 1500;

playground.Player = class Player {
  constructor(frame) {
    this.frame = frame; // called with (moment, milliseconds by which work may go on)
    this.button = document.getElementById("play");
    this.slider = document.getElementById("moment");
    this.speed = document.getElementById("speed");
    this.place = 0; // milliseconds into the round
    this.playing = true;
    this.last = null;
    this.statistics = { frames: 0, rate: 0, script: 0 };
    this.window = [];
    this.listen();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.rest();
    }
  }

  /* Shows the end, and waits. */
  rest() {
    this.play(false);
    this.place = playground.DURATION;
    this.slider.value = 1;
  }

  listen() {
    this.button.addEventListener("click", () => this.play(!this.playing));
    this.slider.addEventListener("input", () => {
      this.play(false);
      this.place = Number(this.slider.value) * playground.DURATION;
    });
  }

  play(on) {
    if (on && !this.playing && this.moment() >= 1) {
      this.place = 0;
    }
    this.playing = on;
    this.button.textContent = on ? "Pause" : "Play";
    this.button.setAttribute("aria-pressed", String(on));
  }

  moment() {
    return Math.min(1, this.place / playground.DURATION);
  }

  begin() {
    const tick = (now) => {
      requestAnimationFrame(tick);
      this.step(now);
    };
    requestAnimationFrame(tick);
  }

  step(now) {
    const before = performance.now(), passed = this.last === null ? 0 : Math.min(100, now - this.last);
    this.last = now;
    if (this.playing) {
      this.place += passed * Number(this.speed.value);
      if (this.place > playground.DURATION + playground.REST * Number(this.speed.value)) {
        this.place = 0;
      }
      this.slider.value = this.moment();
    }
    this.frame(this.moment());
    this.count(now, performance.now() - before);
  }

  /* Over the last second: frames, and the time that scripts took for one. */
  count(now, script) {
    this.window.push([now, script]);
    while (this.window[0][0] < now - 1000) {
      this.window.shift();
    }
    const n = this.window.length, span = now - this.window[0][0];
    this.statistics.frames++;
    this.statistics.rate = span > 0 ? 1000 * (n - 1) / span : 0;
    this.statistics.script = this.window.reduce((sum, one) => sum + one[1], 0) / n;
  }
};

"use strict";
/* Where some of the particles have been: lines through moments of their paths. */

playground.TRAILS = 48; // particles that leave one, evenly among the first thousand
playground.TRAIL_STEPS = 80;

playground.Trails = class Trails {
  constructor(frames, count) {
    this.frames = frames;
    this.who = Array.from({ length: playground.TRAILS },
                          (_, i) => Math.floor(i * Math.min(1000, count) / playground.TRAILS));
    this.moments = []; // [TRAILS][2] each
  }

  /* Made when first asked for, and once more when all frames are there. */
  prepare() {
    const whole = this.frames.ready();
    if (this.moments.length && (this.whole || !whole)) {
      return;
    }
    this.whole = whole;
    this.moments = Array.from({ length: playground.TRAIL_STEPS + 1 }, (_, i) => {
      const all = this.frames.at(i / playground.TRAIL_STEPS);
      return all && this.who.flatMap((one) => [all[2 * one], all[2 * one + 1]]);
    });
  }

  /* The points of one particle's trail up to the moment, ending where it is now. */
  line(i, moment, now) {
    const points = [];
    for (let step = 0; step < moment * playground.TRAIL_STEPS; step++) {
      const at = this.moments[step];
      at && points.push([at[2 * i], at[2 * i + 1]]);
    }
    points.push([now[2 * this.who[i]], now[2 * this.who[i] + 1]]);
    return points;
  }

  draw(cloud, moment, now, colours, zoom) {
    this.prepare();
    this.who.forEach((one, i) => cloud.line(this.line(i, moment, now), colours[one], zoom));
  }
};

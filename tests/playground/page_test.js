"use strict";
/* The page in a headless browser, opened from the folder and from a server. Pictures of it are left in BUILD.
 * usage: node page_test.js PAGE BUILD BROWSER */
const assert = require("node:assert");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const url = require("node:url");
const { check, end } = require("./check.js");

const [page, build, browserPath] = process.argv.slice(2);
const { chromium } = require(path.join(build, "node_modules/playwright-core"));
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const PATIENCE = 120000; // milliseconds; only to end a test that hangs

function serve() {
  const server = http.createServer((request, response) => {
    const file = path.join(page, new URL(request.url, "http://localhost").pathname);
    if (!file.startsWith(page) || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] || "application/octet-stream" });
    fs.createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/* A tab on the page with nothing in its way; `troubles` gathers what the console and the network complain of. */
async function open(browser, address, options, before) {
  const context = await browser.newContext(options), tab = await context.newPage(), troubles = [];
  before && await tab.addInitScript(before);
  tab.setDefaultTimeout(PATIENCE);
  tab.on("console", (message) => {
    const ours = /willReadFrequently/.test(message.text()); // the test reads many pictures, the page none
    ["error", "warning"].includes(message.type()) && !ours && troubles.push(message.text());
  });
  tab.on("pageerror", (error) => troubles.push(error.message));
  tab.on("requestfailed", (request) => troubles.push(`failed: ${request.url()}`));
  tab.on("request", (request) => {
    const foreign = !/^(file|data|blob):/.test(request.url()) && new URL(request.url()).hostname !== "127.0.0.1";
    foreign && troubles.push(`asked for ${request.url()}`);
  });
  await tab.goto(address);
  await tab.waitForFunction(() => globalThis.playground && playground.particles && playground.garments);
  return { tab, troubles, close: () => context.close() };
}

const idle = (tab) => tab.waitForFunction(() => playground.particles.idle());

/* A number that changes with the pixels. */
const picture = (tab, selector) => tab.$eval(selector, (canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((hash, value) => Math.imul(hash ^ value, 16777619) >>> 0, 2166136261);
});

const slide = (tab, selector, value) => tab.$eval(selector, (input, to) => {
  input.value = to;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}, String(value));

async function atEnd(tab) {
  await slide(tab, "#moment", 1);
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

const SIDE = (i) => `#sides .side:nth-child(${i + 1})`;
const result = (tab, side, name) => tab.textContent(`${SIDE(side)} dd[name="${name}"]`);

async function changesPicture(tab, name, change) {
  await check(`the picture changes with the ${name}`, async () => {
    await atEnd(tab);
    const before = await picture(tab, `${SIDE(0)} canvas`), other = await picture(tab, `${SIDE(1)} canvas`);
    await change();
    await idle(tab);
    await atEnd(tab);
    assert.notStrictEqual(await picture(tab, `${SIDE(0)} canvas`), before);
    return (await picture(tab, `${SIDE(1)} canvas`)) === other ? "of this side alone" : "of both sides";
  });
}

async function controls(tab) {
  const choose = (name, value) => tab.selectOption(`${SIDE(0)} select[name="${name}"]`, { label: value });
  await changesPicture(tab, "schedule", () => choose("schedule", "vp"));
  await changesPicture(tab, "solver", () => choose("solver", "dpmpp-2m"));
  await changesPicture(tab, "grid", () => choose("grid", "quadratic"));
  await changesPicture(tab, "number of evaluations", () => slide(tab, `${SIDE(0)} input[name="evaluations"]`, 4));
  await changesPicture(tab, "diffusion k", () => slide(tab, `${SIDE(0)} input[name="k"]`, 1));
  await check("a diffusion takes a solver for SDEs, and k = 0 gives the old one back", async () => {
    const solver = () => tab.$eval(`${SIDE(0)} select[name="solver"]`, (one) => one.selectedOptions[0].textContent);
    assert.strictEqual(await solver(), "euler-maruyama");
    await slide(tab, `${SIDE(0)} input[name="k"]`, 0);
    assert.strictEqual(await solver(), "dpmpp-2m");
    await idle(tab);
  });
  await changesPicture(tab, "data", () => tab.selectOption("#shape", { label: "checkerboard" }));
  await changesPicture(tab, "seed", () => tab.click("#new-seed"));
  await changesPicture(tab, "number of particles", () => tab.selectOption("#count", "2000"));
  await changesPicture(tab, "trails", () => tab.check("#show-trails"));
  await changesPicture(tab, "converged ends", () => tab.check("#show-end"));
}

async function numbers(tab) {
  await check("the error falls with the evaluations", async () => {
    const errors = [];
    for (const n of [4, 16, 64]) {
      await slide(tab, `${SIDE(1)} input[name="evaluations"]`, n);
      await idle(tab);
      errors.push(Number.parseFloat(await result(tab, 1, "rms")));
    }
    assert.ok(errors[0] > errors[1] && errors[1] > errors[2], String(errors));
    return errors.join(", ");
  });
  await check("the plan's rows are there", async () => {
    const rows = await tab.$$eval("#tables article:nth-child(2) tbody tr",
                                  (lines) => lines.map((one) => one.textContent));
    assert.strictEqual(rows.length, 64);
    assert.match(rows[0], /^0\s*0\.000\s*0\.000.*Y0.*F0/);
    const text = await tab.textContent("#tables article:nth-child(2) pre");
    assert.ok(text.length > 1000);
    return rows[0];
  });
  await check("the chart has both curves", async () => {
    const points = await tab.$$eval("#chart .curve", (curves) => curves.map((one) => one.points.numberOfItems));
    assert.ok(points.length === 2 && points.every((n) => n >= 8), String(points));
    return `${points.join(" and ")} points`;
  });
}

async function playing(tab) {
  await check("plays, pauses, scrubs, and is reached by keys", async () => {
    await tab.selectOption("#count", "5000");
    await idle(tab);
    assert.strictEqual(await tab.textContent("#play"), "Play"); // scrubbing stopped it
    await slide(tab, "#moment", 0.2);
    await tab.focus("#play");
    await tab.keyboard.press("Enter");
    await tab.waitForFunction(() => Number(document.getElementById("moment").value) > 0.3);
    await tab.keyboard.press("Space");
    const stopped = await tab.inputValue("#moment");
    await tab.waitForTimeout(200);
    assert.strictEqual(await tab.inputValue("#moment"), stopped);
    await tab.focus("#moment");
    await tab.keyboard.press("ArrowRight");
    assert.ok(Number(await tab.inputValue("#moment")) > Number(stopped));
  });
  for (const [k, ready] of [[0, true], [1, false], [1, true]]) {
    const when = ready ? "" : ", while paths are made";
    await check(`frames of 5,000 particles on two sides, k = ${k}${when}`, async () => {
      await slide(tab, `${SIDE(0)} input[name="k"]`, k);
      await slide(tab, `${SIDE(1)} input[name="k"]`, k);
      await (ready ? idle(tab) : tab.waitForFunction(() => playground.particles.sides.every((side) => !side.next)));
      await slide(tab, "#moment", 0);
      await tab.click("#play");
      await tab.waitForTimeout(1800);
      const { rate, script } = await tab.evaluate(() => playground.particles.player.statistics);
      await tab.click("#play");
      // The bar is 30 a second, that is 33 ms; a loaded machine may miss it, so only nonsense fails.
      assert.ok(rate > 1 && script < 500, `${rate} frames/s, ${script} ms`);
      return `${rate.toFixed(1)} frames/s, ${script.toFixed(1)} ms of script each${rate < 30 ? " (BELOW 30)" : ""}`;
    });
  }
}

async function own(tab) {
  await check("seen in its own schedule, a point mass starts in one point", async () => {
    await tab.selectOption(`${SIDE(0)} select[name="schedule"]`, { label: "point-mass" });
    await tab.selectOption(`${SIDE(1)} select[name="schedule"]`, { label: "linear" }); // lazy would be one too
    await tab.selectOption("#view", "1");
    await idle(tab);
    await slide(tab, "#moment", 0);
    const spread = await tab.evaluate(() => {
      const frames = playground.particles.sides.map((side) => Array.from(side.frames.at(0)));
      return frames.map((x) => Math.max(...x.map(Math.abs)));
    });
    assert.ok(spread[0] < 1e-6 && spread[1] > 1, String(spread));
    await tab.selectOption("#view", "0");
    return `furthest particle at ${spread[0]}, on the other side at ${spread[1].toFixed(2)}`;
  });
}

async function garments(tab, where) {
  const canvas = (i) => `#garments-sides .side:nth-child(${i + 1}) canvas`;
  const made = (request) => tab.waitForFunction((least) => playground.garments.finished >= least, request);
  await check(`garments appear (${where})`, async () => {
    const before = await picture(tab, canvas(0));
    await tab.locator("#garments-sides").scrollIntoViewIfNeeded();
    await made(1);
    assert.notStrictEqual(await picture(tab, canvas(0)), before);
    assert.notStrictEqual(await picture(tab, canvas(0)), await picture(tab, canvas(1)));
    const greys = await tab.$eval(
      canvas(0), (one) => new Set(one.getContext("2d").getImageData(0, 0, 140, 56).data).size);
    assert.ok(greys > 50, `${greys} greys`);
    const place = await tab.evaluate(async () => (await playground.garments.engine).where);
    return `${await tab.textContent("#garments-status")}, in a ${place}`;
  });
  await check(`garments change with class, schedule and evaluations (${where})`, async () => {
    const seen = new Set([await picture(tab, canvas(0))]);
    const request = () => tab.evaluate(() => playground.garments.request);
    for (const change of [
      () => tab.selectOption("#label", { label: "bag" }),
      () => tab.selectOption("#garments-sides .side:nth-child(1) select[name='schedule']", { label: "vp" }),
      () => slide(tab, "#garments-sides .side:nth-child(1) input[name='evaluations']", 3),
    ]) {
      const next = await request() + 1;
      await change();
      await made(next);
      seen.add(await picture(tab, canvas(0)));
    }
    assert.strictEqual(seen.size, 4);
  });
  await check(`the garments' error to converged ones (${where})`, async () => {
    await tab.click("#make");
    const cell = (i) => `#garments-sides .side:nth-child(${i + 1}) dd[name='rms']`;
    await tab.waitForFunction((one) => /^0\.\d+$/.test(document.querySelector(one).textContent), cell(1));
    return `${await tab.textContent(cell(0))} and ${await tab.textContent(cell(1))}`;
  });
}

async function width(tab, name) {
  await check(`nothing is wider than the ${name}`, async () => {
    const [content, screen] = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${content} > ${screen}`);
    return `${content} of ${screen} pixels`;
  });
}

const shoot = (tab, name) => tab.screenshot({ path: path.join(build, `${name}.png`), fullPage: true });

/* The picture of docs/playground.md: down to the chart. */
async function shootTop(tab) {
  const height = await tab.$eval("#chart", (chart) => Math.ceil(chart.getBoundingClientRect().bottom + scrollY + 20));
  const clip = { x: 0, y: 0, width: DESKTOP.viewport.width, height };
  await tab.check("#show-trails");
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await tab.screenshot({ path: path.join(build, "playground.png"), fullPage: true, clip });
  await tab.uncheck("#show-trails");
}

async function desktop(browser, address) {
  const { tab, troubles, close } = await open(browser, address, DESKTOP);
  await check("both sides come to their ends", async () => {
    await idle(tab);
    return `errors ${await result(tab, 0, "rms")} and ${await result(tab, 1, "rms")}`;
  });
  await atEnd(tab);
  await shootTop(tab);
  await garments(tab, "from the folder");
  await shoot(tab, "desktop");
  await controls(tab);
  await numbers(tab);
  await playing(tab);
  await own(tab);
  await width(tab, "desktop");
  await check("no troubles from the folder", () => assert.deepStrictEqual(troubles, []));
  await close();
}

async function served(browser, address) {
  const { tab, troubles, close } = await open(browser, address, { ...DESKTOP, colorScheme: "dark" });
  await idle(tab);
  await atEnd(tab);
  await garments(tab, "served");
  await shoot(tab, "dark");
  await check("no troubles when served", () => assert.deepStrictEqual(troubles, []));
  await close();
}

async function phone(browser, address) {
  const { tab, troubles, close } = await open(browser, address, PHONE, () => delete globalThis.Worker);
  await idle(tab);
  await atEnd(tab);
  await width(tab, "phone");
  await tab.tap("#new-seed");
  await idle(tab);
  await garments(tab, "on a phone without workers");
  await shoot(tab, "phone");
  await check("no troubles on a phone", () => assert.deepStrictEqual(troubles, []));
  await close();
}

async function main() {
  const browser = await chromium.launch({ executablePath: browserPath, args: FLAGS }), server = await serve();
  const folder = url.pathToFileURL(path.join(page, "index.html")).href;
  await desktop(browser, folder);
  await served(browser, `http://127.0.0.1:${server.address().port}/index.html`);
  await phone(browser, folder);
  await browser.close();
  server.close();
  end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

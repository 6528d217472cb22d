// Draws a photograph of 2400 by 1600 pixels into the file that is named.

import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.BROWSER_TESTS, "package.json"));
const { chromium } = require("playwright-core");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
const data = await page.evaluate(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1600 });
  const draw = canvas.getContext("2d");
  const sky = draw.createLinearGradient(0, 0, 0, 1600);
  sky.addColorStop(0, "#7fb2d6");
  sky.addColorStop(1, "#3c5a2c");
  draw.fillStyle = sky;
  draw.fillRect(0, 0, 2400, 1600);
  let state = 7;
  const next = () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
  for (let i = 0; i < 6000; i++) {
    draw.strokeStyle = `hsl(${50 + next() * 60} 40% ${20 + next() * 50}%)`;
    draw.beginPath();
    const x = next() * 2400;
    draw.moveTo(x, 1600);
    draw.lineTo(x + next() * 80 - 40, 500 + next() * 900);
    draw.stroke();
  }
  return canvas.toDataURL("image/jpeg", 0.92);
});
writeFileSync(process.argv[2], Buffer.from(data.split(",")[1], "base64"));
await browser.close();

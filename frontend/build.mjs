// Builds what the browser loads into src/goodword/ui/static/goodword/dist: two scripts, two style sheets (the desk's and the customers'), one icon sprite.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/goodword/ui/static/goodword/dist");

/** One SVG file of symbols: `<use href="icons.svg#inbox">`; stroke and size come from the style sheet. */
async function iconSprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s+/g, " ").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** The licence texts of everything bundled, which those licences ask to be passed on. */
async function licences() {
  const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
  const shipped = Object.keys(lock.packages).filter((path) => path && (!lock.packages[path].dev || path.includes("lucide")));
  const texts = await Promise.all(shipped.map(async (path) => {
    const file = (await readdir(join(here, path))).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? await readFile(join(here, path, file), "utf8") : `Licence: ${lock.packages[path].license}\n`;
    return `${path.replace("node_modules/", "")} ${lock.packages[path].version}\n\n${text}`;
  }));
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "js/goodword.js", out: "goodword" },
    { in: "js/composer.js", out: "composer" },
    { in: "css/goodword.css", out: "goodword" },
    { in: "css/portal.css", out: "portal" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  chunkNames: "shared-[hash]",
  target: "es2022",
  // The Markdown reader brings a table of 2,000 named signs and a link finder that a reply does not need: 40 kB.
  alias: { entities: "./js/composer/entities.js", "linkify-it": "./js/composer/linkify.js" },
  legalComments: "none",
  logLevel: "info",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await writeFile(join(out, "icons.svg"), await iconSprite());
await writeFile(join(out, "licences.txt"), await licences());
if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);

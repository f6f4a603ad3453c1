// The page is the views' JSON documents and a script that draws them. The script knows nothing that the documents do not say, so
// a page can be made of any target, and looked at years later.
#include "inspect/html.h"

#include "inspect/json_text.h"

namespace burrow::inspect {

namespace {

constexpr const char* kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>burrow inspect</title>
<style>
:root { --ink: #1c2430; --soft: #68727f; --line: #dfe3e8; --back: #fff; --panel: #f6f7f9; --accent: #2463b5; --bar: #7aa7dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #98a2af; --line: #333b46; --back: #14181e; --panel: #1c222a; --accent: #7fb2f0; --bar: #3c6ea8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); }
header { padding: 18px 28px 10px; border-bottom: 1px solid var(--line); }
h1 { font-size: 19px; margin: 0; } h2 { font-size: 16px; margin: 34px 0 8px; }
header p, .note { color: var(--soft); margin: 2px 0; max-width: 75em; }
nav a { color: var(--accent); margin-right: 16px; text-decoration: none; display: inline-block; }
main { padding: 0 28px 60px; max-width: 1500px; }
.cards { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 18px; }
.card { background: var(--panel); border-radius: 6px; padding: 8px 14px; min-width: 120px; }
.card b { display: block; font-size: 19px; } .card span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; font-size: 13.5px; margin: 6px 0; } .scroll { overflow-x: auto; }
th, td { padding: 2px 14px 2px 0; text-align: left; white-space: nowrap; } th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); cursor: default; }
h3 { font-size: 14px; margin: 20px 0 2px; } td.time { width: 420px; min-width: 420px; } td.step { max-width: 22em; overflow: hidden; text-overflow: ellipsis; }
.strip { display: flex; height: 22px; border-radius: 4px; overflow: hidden; margin: 8px 0; } .strip i { flex: none; box-shadow: inset 1px 0 rgba(255, 255, 255, .4); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: inline-block; height: 10px; background: var(--bar); border-radius: 2px; vertical-align: middle; }
canvas { width: 100%; display: block; background: var(--panel); border-radius: 6px; cursor: crosshair; touch-action: none; }
.legend span { display: inline-block; margin-right: 16px; font-size: 13px; color: var(--soft); }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 5px; border-radius: 2px; vertical-align: -1px; }
#tip { position: fixed; pointer-events: none; background: var(--ink); color: var(--back); padding: 5px 9px; border-radius: 5px; font-size: 13px; display: none; white-space: pre; z-index: 9; }
details { margin: 4px 0; } summary { cursor: pointer; } pre { margin: 4px 0 8px 18px; font-size: 12.5px; overflow-x: auto; }
@media (max-width: 760px) { .bars { display: none; } td.time { width: 130px; min-width: 130px; } td.step { max-width: 11em; } header { padding-left: 16px; } main { padding: 0 16px 40px; } }
</style></head><body><header><h1 id="title"></h1><p id="sub"></p><nav id="nav"></nav></header><main id="main"></main><div id="tip"></div>
<script>
const data =
)html";

constexpr const char* kScript = R"html(;
'use strict';
const $ = id => document.getElementById(id);
function el(parent, tag, text, attributes) {
  const e = document.createElement(tag);
  if (text !== undefined && text !== null) e.textContent = text;
  for (const k in attributes || {}) e.setAttribute(k, attributes[k]);
  parent.appendChild(e);
  return e;
}
function size(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (Math.abs(n) >= 1024 && i < 4) { n /= 1024; i++; }
  return (i === 0 || Math.abs(n) >= 100 ? n.toFixed(0) : n.toFixed(1)) + ' ' + units[i];
}
const count = n => n.toLocaleString('en-US');
function time(ns) {
  return ns < 1e3 ? ns + ' ns' : ns < 1e6 ? (ns / 1e3).toFixed(1) + ' µs' : ns < 1e9 ? (ns / 1e6).toFixed(2) + ' ms' : ns < 12e10 ? (ns / 1e9).toFixed(1) + ' s' : Math.floor(ns / 6e10) + ' min';
}
function section(title, note) {
  const s = el($('main'), 'section'), id = 's' + document.querySelectorAll('section').length;
  el(s, 'h2', title, {id});
  el($('nav'), 'a', title, {href: '#' + id});
  if (note) el(s, 'p', note, {class: 'note'});
  return s;
}
function cards(parent, list) {
  const box = el(parent, 'div', null, {class: 'cards'});
  for (const [value, name] of list) { const c = el(box, 'div', null, {class: 'card'}); el(c, 'b', value); el(c, 'span', name); }
}
// Columns: [head, function of a row, 'n' for numbers, 'bar' for a part of 1].
function table(parent, rows, columns) {
  const t = el(el(parent, 'div', null, {class: 'scroll'}), 'table'), head = el(el(t, 'thead'), 'tr'), body = el(t, 'tbody');
  for (const [name, , kind] of columns) el(head, 'th', name, {class: kind === 'n' ? 'n' : kind === 'bar' ? 'bars' : ''});
  for (const r of rows) {
    const tr = el(body, 'tr');
    for (const [, f, kind] of columns) {
      const v = f(r);
      if (kind === 'bar') el(el(tr, 'td', null, {class: 'bars'}), 'i', '', {class: 'bar', style: 'width:' + Math.round(140 * v) + 'px'});
      else el(tr, 'td', v, {class: kind === 'n' ? 'n' : ''});
    }
  }
}
function tip(event, text) {
  const t = $('tip');
  t.style.display = text ? 'block' : 'none';
  if (!text) return;
  t.textContent = text;
  const x = Math.min(event.clientX + 14, innerWidth - t.offsetWidth - 8);
  t.style.left = x + 'px';
  t.style.top = Math.min(event.clientY + 14, innerHeight - t.offsetHeight - 8) + 'px';
}
function occupancy(part) { return 'hsl(' + Math.round(8 + 125 * part) + ' 52% 52%)'; }

// The heap as a map: pages in order of their addresses, row by row; wheel and drag zoom and move.
function heapMap(parent, h) {
  const pageSize = h.pageSize, items = [];
  for (const s of h.spans) items.push({at: parseInt(s.start), pages: s.pages, span: s});
  for (const f of h.freeRuns) items.push({at: parseInt(f.start), pages: f.pages, free: f});
  items.sort((a, b) => a.at - b.at);
  // What was never used at the end of the heap is left out.
  while (items.length && items[items.length - 1].free && items[items.length - 1].free.givenBack) items.pop();
  if (!items.length) { el(parent, 'p', 'The heap is empty.', {class: 'note'}); return; }
  let pages = 0;
  for (const i of items) { i.first = pages; pages += i.pages; }
  const legend = el(parent, 'p', null, {class: 'legend'});
  for (const [colour, name] of [[occupancy(1), 'small objects, full'], [occupancy(0.1), 'small objects, nearly empty'], ['#9b6bc4', 'large object'], ['#4a9fb0', 'the runtime\u2019s own'], ['#b9c0c9', 'free'], ['#e6e9ed', 'free, given back']])
    { const s = el(legend, 'span'); el(s, 'i', '', {style: 'background:' + colour}); s.append(name); }
  const canvas = el(parent, 'canvas'), c = canvas.getContext('2d');
  el(parent, 'p', 'Wheel: zoom; drag: move; double click: all of it. A cell is a page of ' + size(pageSize) + '.', {class: 'note'});
  const ratio = devicePixelRatio || 1;
  let zoom = 1, top = 0, width, height, columns, cell;
  const fill = i => {
    if (i.free) return i.free.givenBack ? '#e6e9ed' : '#b9c0c9';
    const s = i.span;
    return s.state !== 'inuse' ? '#4a9fb0' : s.class === 0 ? '#9b6bc4' : occupancy(s.slots ? s.objects / s.slots : 0);
  };
  function draw() {
    width = canvas.clientWidth;
    height = Math.min(520, Math.max(120, innerHeight * 0.55));
    // At zoom 1 everything fits, and a small heap does not get a large canvas.
    const fit = Math.min(22, Math.sqrt(width * height / pages));
    cell = Math.max(0.5, fit * zoom);
    columns = Math.max(1, Math.floor(width / cell));
    const rows = Math.ceil(pages / columns);
    if (zoom === 1) height = Math.min(height, rows * cell + 1);
    canvas.width = width * ratio; canvas.height = height * ratio; canvas.style.height = height + 'px';
    top = Math.max(0, Math.min(top, rows * cell - height));
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    const gap = cell > 5 ? 1 : 0;
    for (const i of items) {
      c.fillStyle = fill(i);
      let at = i.first, left = i.pages;
      while (left > 0) {
        const row = Math.floor(at / columns), column = at % columns, n = Math.min(left, columns - column), y = row * cell - top;
        if (y > height) return;
        if (y > -cell) c.fillRect(column * cell, y, n * cell - gap, cell - gap);
        at += n; left -= n;
      }
    }
  }
  function itemAt(event) {
    const box = canvas.getBoundingClientRect(), page = Math.floor((event.clientY - box.top + top) / cell) * columns + Math.floor((event.clientX - box.left) / cell);
    let low = 0, high = items.length;
    while (low < high) { const m = (low + high) >> 1; if (items[m].first + items[m].pages > page) high = m; else low = m + 1; }
    return items[low] && items[low].first <= page ? items[low] : null;
  }
  let drag = null;
  canvas.addEventListener('pointerdown', e => { drag = {y: e.clientY, top}; canvas.setPointerCapture(e.pointerId); });
  canvas.addEventListener('pointerup', () => drag = null);
  canvas.addEventListener('pointerleave', () => tip(null, ''));
  canvas.addEventListener('pointermove', e => {
    if (drag) { top = drag.top - (e.clientY - drag.y); draw(); return; }
    const i = itemAt(e);
    if (!i) { tip(e, ''); return; }
    const s = i.span, where = '0x' + i.at.toString(16) + '  ' + count(i.pages) + (i.pages === 1 ? ' page' : ' pages');
    tip(e, where + '\n' + (i.free ? (i.free.givenBack ? 'free, given back to the system' : 'free') : s.state !== 'inuse' ? 'the runtime\u2019s own' :
      (s.class === 0 ? 'a large object of ' + size(s.size) + (s.type ? '\n' + s.type : '') : s.objects + ' of ' + s.slots + ' slots of ' + s.size + ' bytes in use') + (s.noscan ? '\nwithout pointers' : '\nwith pointers') + ', ' + s.sweep +
      (s.p !== undefined ? ' by P ' + s.p : '') + ', ' + s.marked + ' marked'));
  });
  canvas.addEventListener('wheel', e => {
    e.preventDefault();
    const box = canvas.getBoundingClientRect(), row = (e.clientY - box.top + top) / cell * columns, old = zoom;
    zoom = Math.max(1, Math.min(64, zoom * (e.deltaY < 0 ? 1.25 : 0.8)));
    if (zoom === old) return;
    draw();
    top = row / columns * cell - (e.clientY - box.top);
    draw();
  }, {passive: false});
  canvas.addEventListener('dblclick', () => { zoom = 1; top = 0; draw(); });
  addEventListener('resize', draw);
  draw();
}

function showHeap(h) {
  const s = section('Heap', 'Where the memory is: each page of the heap in order of its address.');
  cards(s, [[size(h.objectBytes), 'in objects'], [count(h.objects), 'objects'], [size(h.inUse), 'spans in use'], [size(h.mapped), 'mapped'], [size(h.released), 'of it not resident'],
            [h.gogc < 0 ? 'off' : size(h.goal), 'next collection at'], [count(h.collections), 'collections'], [h.phase === 'GCoff' ? 'off' : h.phase.slice(2), 'collector']]);
  heapMap(s, h);
  const most = Math.max(1, ...h.classes.map(c => c.bytes));
  const c = section('Size classes', 'Free slots are memory that only objects of the same size can use.');
  table(c, h.classes, [['size', r => r.size ? count(r.size) : 'large', 'n'], ['pointers', r => r.noscan ? 'no' : 'yes'], ['spans', r => count(r.spans), 'n'], ['objects', r => count(r.objects), 'n'], ['of slots', r => count(r.slots), 'n'], ['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / most, 'bar'], ['free slots', r => size(r.freeSlots), 'n'], ['ends', r => size(r.ends), 'n']]);
  if (h.types.length) {
    const t = section('Types', 'Objects with pointers above 512 bytes carry their type; of others nobody knows it.'), top = Math.max(1, ...h.types.map(x => x.bytes));
    table(t, h.types.slice(0, 60), [['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / top, 'bar'], ['objects', r => count(r.objects), 'n'], ['type', r => r.type || '(not known)']]);
  }
  if (h.sites) {
    const live = h.sites.filter(x => x.objects), top = Math.max(1, ...live.map(x => x.bytes));
    const t = section('Allocation sites', h.profileRate === 1 ? 'Where what is in the heap was allocated; every allocation was counted.' : 'Where what is in the heap was allocated, estimated from a sample each ' + size(h.profileRate) + '.');
    const name = f => f ? f.function + '  ' + f.file.slice(f.file.lastIndexOf('/') + 1) + ':' + f.line : '';
    table(t, live.slice(0, 60), [['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / top, 'bar'], ['objects', r => count(r.objects), 'n'], ['of', r => size(r.size), 'n'], ['ever', r => count(r.allocated), 'n'], ['allocated in', r => name(r.frames[0]) || '(the runtime)'], ['called by', r => name(r.frames[1])]]);
  }
}
function showGoroutines(d) {
  const s = section('Goroutines', 'Those with the same state and stack together, the largest group first.'), groups = new Map();
  for (const g of d.goroutines) {
    const key = g.state + '\n' + g.frames.map(f => f.pc).join();
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(g);
  }
  const states = {};
  for (const g of d.goroutines) states[g.state] = (states[g.state] || 0) + 1;
  cards(s, [[count(d.goroutines.length), 'goroutines'], [size(d.goroutines.reduce((a, g) => a + g.stackBytes, 0)), 'stacks']].concat(Object.entries(states).sort((a, b) => b[1] - a[1]).slice(0, 8).map(([k, n]) => [count(n), k])));
  for (const list of [...groups.values()].sort((a, b) => b.length - a.length).slice(0, 300)) {
    const g = list[0], e = el(s, 'details'), oldest = Math.max(...list.map(x => x.waitNs || 0)), top = g.frames[0];
    el(e, 'summary', count(list.length) + ' × ' + g.state + (oldest ? ', up to ' + time(oldest) : '') + (top ? ' in ' + (g.frames.find(f => !/^(runtime|sync|internal|syscall)[./]/.test(f.function)) || top).function : ''));
    el(e, 'pre', g.frames.map(f => f.function + '()\n    ' + f.file + ':' + f.line).join('\n') + (g.createdBy ? '\ncreated by ' + g.createdBy.function + '\n    ' + g.createdBy.file + ':' + g.createdBy.line : '') +
      '\n\ngoroutines ' + list.slice(0, 50).map(x => x.id).join(' ') + (list.length > 50 ? ' \u2026' : ''));
  }
}
function showSched(d) {
  const s = section('Scheduler', 'GOMAXPROCS ' + d.gomaxprocs + ' of ' + d.cpus + ' CPUs, ' + d.globalQueue.length + ' goroutines in the global queue. An M is a thread; it needs one of the Ps to run goroutines, and each P has a queue of them.');
  table(s, d.ps, [['P', r => r.id, 'n'], ['state', r => r.status], ['M', r => r.m < 0 ? '' : r.m, 'n'], ['runs', r => r.goroutine || '', 'n'], ['next', r => r.runnext || '', 'n'], ['queued', r => r.queue.length, 'n'], ['', r => r.queue.length / 256, 'bar'], ['ticks', r => count(r.schedtick), 'n'], ['collector', r => r.gcWorker === 'NotWorker' ? '' : r.gcWorker]]);
  table(s, d.ms, [['M', r => r.id, 'n'], ['thread', r => r.thread, 'n'], ['P', r => r.p < 0 ? '' : r.p, 'n'], ['goroutine', r => r.goroutine || '', 'n'], ['state', r => r.spinning ? 'spinning' : r.asleep ? 'asleep' : r.goroutine ? 'running' : 'in the runtime']]);
}
function showGcwork(d) {
  const s = section('Collector\u2019s work', count(d.buffers) + ' work buffers of ' + d.entriesPerBuffer + ' objects exist; ' + count(d.steals) + ' were taken from another P. Shared: ' + d.full.length + ' with grey objects, ' + d.empty.length + ' empty.');
  const part = b => b ? b.objects / d.entriesPerBuffer : 0;
  table(s, d.ps, [['P', r => r.id, 'n'], ['first buffer', r => r.wbuf1 ? r.wbuf1.objects : '', 'n'], ['', r => part(r.wbuf1), 'bar'], ['second', r => r.wbuf2 ? r.wbuf2.objects : '', 'n'], ['', r => part(r.wbuf2), 'bar'], ['write barrier', r => r.barrierUsed + ' of ' + r.barrierSize, 'n'], ['worker', r => r.worker === 'NotWorker' ? '' : r.worker]]);
}
function showBoot(d) {
  const s = section('Boot', 'From the ELF entry to main.main: what each step took, and what it changed.'), steps = d.steps, last = steps[steps.length - 1];
  cards(s, [[time(last.atNs), 'to ' + last.name], [size(last.resident), 'resident'], [size(last.virtual), 'addresses'], [size(last.heapInUse), 'heap in use'], [steps.filter(x => x.kind === 'init').length, 'packages initialised']]);
  const legend = el(s, 'p', null, {class: 'legend'}), colours = {boot: '#5b8fd0', init: '#d08a4a', first: '#9b6bc4', main: '#58a55c'};
  for (const [k, name] of [['boot', 'runtime'], ['init', 'package initialisation'], ['first', 'first allocation, first work buffer'], ['main', 'main.main']]) { const x = el(legend, 'span'); el(x, 'i', '', {style: 'background:' + colours[k]}); x.append(name); }
  const total = Math.max(1, last.atNs), stepName = x => x.kind === 'init' ? x.package : x.name, costly = steps.slice(0, -1).sort((a, b) => b.tookNs - a.tookNs).slice(0, 8);
  // All of it in one row first, then step by step.
  const strip = el(s, 'div', null, {class: 'strip'});
  for (const x of steps.slice(0, -1)) el(strip, 'i', '', {style: 'width:' + (100 * x.tookNs / total).toFixed(3) + '%;background:' + colours[x.kind], title: stepName(x) + '  ' + time(x.tookNs)});
  el(s, 'h3', 'What cost most');
  table(s, costly, [['took', r => time(r.tookNs), 'n'], ['', r => r.tookNs / Math.max(1, costly[0].tookNs), 'bar'], ['share', r => (100 * r.tookNs / total).toFixed(1) + ' %', 'n'], ['step', stepName]]);
  el(s, 'h3', 'Step by step');
  const t = el(el(s, 'div', null, {class: 'scroll'}), 'table'), head = el(el(t, 'thead'), 'tr'), change = (a, b) => b === a ? '' : (b > a ? '+' : '') + size(b - a);
  for (const [name, what] of [['at'], ['took'], ['step'], ['', 'when it ran'], ['addresses', 'what it added to the mapped memory'], ['resident', 'what it added to the memory in use'], ['heap', 'what it added to the heap'], ['G', 'goroutines when it began'], ['M', 'threads when it began'], ['P', 'processors when it began']])
    el(head, 'th', name, {class: name === 'step' || name === '' ? '' : 'n', title: what || ''});
  const body = el(t, 'tbody');
  steps.forEach((x, i) => {
    const after = steps[Math.min(i + 1, steps.length - 1)], tr = el(body, 'tr');
    el(tr, 'td', time(x.atNs), {class: 'n'}); el(tr, 'td', x === last ? '' : time(x.tookNs), {class: 'n'});
    el(tr, 'td', stepName(x), {class: 'step', title: stepName(x) + '  ' + x.place});
    const bar = el(tr, 'td', null, {class: 'time'});
    el(bar, 'i', '', {class: 'bar', style: 'margin-left:' + (98 * x.atNs / total).toFixed(2) + '%;width:max(2px,' + (98 * x.tookNs / total).toFixed(2) + '%);background:' + colours[x.kind]});
    for (const v of [change(x.virtual, after.virtual), change(x.resident, after.resident), change(x.heapInUse, after.heapInUse), x.goroutines, x.ms, x.ps]) el(tr, 'td', v, {class: 'n'});
  });
}
$('title').textContent = data.title;
document.title = data.title;
$('sub').textContent = data.sub;
if (data.boot) showBoot(data.boot);
if (data.heap) showHeap(data.heap);
if (data.goroutines) showGoroutines(data.goroutines);
if (data.sched) showSched(data.sched);
if (data.gcwork) showGcwork(data.gcwork);
</script></body></html>
)html";

// JSON inside a script must not close it.
std::string safe(std::string text) {
  for (size_t at = 0; (at = text.find("</", at)) != std::string::npos; at += 3) text.replace(at, 2, "<\\/");
  for (size_t at = 0; (at = text.find("<!--", at)) != std::string::npos; at += 5) text.replace(at, 4, "<\\!--");
  return text;
}

std::string quoted(const std::string& text) {
  JsonText j;
  j.value(text);
  return j.take();
}

}  // namespace

bool targetHtml(Target& target, std::string* out, std::string* error) {
  Heap heap;
  Scheduler scheduler;
  GcWorkInfo work;
  std::vector<Goroutine> goroutines;
  if (!readGoroutines(target, {}, &goroutines, error) || !readHeap(target, &heap, error) || !readScheduler(target, &scheduler, error) || !readGcWork(target, &work, error)) return false;
  *out = kHead;
  *out += safe("{\"title\": " + quoted(target.title) + ", \"sub\": " + quoted("build " + target.program->buildId()) + ",\n\"heap\": " + heapJson(target, heap) + ",\n\"goroutines\": " + goroutinesJson(target, goroutines, {}) +
               ",\n\"sched\": " + schedJson(target, scheduler) + ",\n\"gcwork\": " + gcworkJson(target, work) + "}");
  *out += kScript;
  return true;
}

std::string bootHtml(const BootRun& run) {
  return kHead + safe("{\"title\": " + quoted("Boot of " + run.program) + ", \"sub\": " + quoted(run.ended) + ",\n\"boot\": " + bootJson(run) + "}") + kScript;
}

}  // namespace burrow::inspect

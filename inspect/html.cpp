// The page is the views' JSON documents and a script that draws them. The script knows nothing that the documents do not say, so
// a page can be made of any target, and looked at years later.
#include "inspect/html.h"

#include "inspect/json_text.h"
#include "inspect/objects.h"
#include "inspect/waits.h"

namespace burrow::inspect {

namespace {

// Above so many objects who points to whom is left out: that page would take seconds, and be asked for anew at each reload.
constexpr uint64_t kMostObjects = 1000000;

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
.card { background: var(--panel); border-radius: 6px; padding: 8px 14px; min-width: 100px; }
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
svg { display: block; margin: 8px 0; font-size: 12.5px; } svg text { fill: var(--ink); } svg .soft { fill: var(--soft); } svg .grid { stroke: var(--line); }
svg .box { fill: var(--panel); stroke: var(--bar); } svg .lost { stroke: #d0453f; } svg .way { fill: none; stroke: var(--soft); stroke-width: 1.3; } svg .way.lost { stroke: #d0453f; } svg .held { stroke-dasharray: 4 3; }
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
// Columns: [head, function of a row, 'n' for numbers, 'bar' for a part of 1, or that and a colour].
function table(parent, rows, columns) {
  const t = el(el(parent, 'div', null, {class: 'scroll'}), 'table'), head = el(el(t, 'thead'), 'tr'), body = el(t, 'tbody');
  for (const [name, , kind] of columns) el(head, 'th', name, {class: kind === 'n' ? 'n' : kind === 'bar' ? 'bars' : ''});
  for (const r of rows) {
    const tr = el(body, 'tr');
    for (const [, f, kind] of columns) {
      const v = f(r);
      if (kind === 'bar') { const [part, colour] = Array.isArray(v) ? v : [v]; el(el(tr, 'td', null, {class: 'bars'}), 'i', '', {class: 'bar', style: 'width:' + Math.round(140 * part) + 'px' + (colour ? ';background:' + colour : '')}); }
      else el(tr, 'td', v, {class: kind === 'n' ? 'n' : ''});
    }
  }
}
function svg(parent, tag, attributes, text) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const k in attributes || {}) e.setAttribute(k, attributes[k]);
  if (text !== undefined) e.textContent = text;
  parent.appendChild(e);
  return e;
}
const cut = (text, n) => text.length <= n ? text : text.slice(0, Math.ceil(n / 2) - 1) + '\u2026' + text.slice(text.length - Math.floor(n / 2));
const baseName = path => path.slice(path.lastIndexOf('/') + 1);
const ownFrame = g => g.frames.find(f => !/^(runtime|sync|internal|syscall)[./]/.test(f.function)) || g.frames[0];
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
  for (const [colour, name] of [[occupancy(1), 'small objects: full'], [occupancy(0.5), 'half of the slots in use'], [occupancy(0.1), 'nearly empty'], ['#9b6bc4', 'large object'], ['#4a9fb0', 'the runtime\u2019s own'], ['#b9c0c9', 'free'], ['#e6e9ed', 'free, given back']])
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
    cell = Math.max(cell, Math.min(cell * 1.1, width / columns));
    const rows = Math.ceil(pages / columns);
    if (zoom === 1) height = Math.min(height * 1.25, rows * cell + 1);  // whole rows
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

function showHeap(h, o) {
  const s = section('Heap', 'Where the memory is: each page of the heap in order of its address.');
  cards(s, [[size(h.objectBytes), 'in objects'], [count(h.objects), 'objects'], [size(h.inUse), 'spans in use'], [size(h.mapped), 'mapped'], [size(h.released), 'of it not resident'],
            [h.gogc < 0 ? 'off' : size(h.goal), 'next collection at'], [count(h.collections), 'collections'], [h.phase === 'GCoff' ? 'off' : h.phase.slice(2), 'collector']]);
  heapMap(s, h);
  const most = Math.max(1, ...h.classes.map(c => c.bytes));
  const c = section('Size classes', 'Free slots are memory that only objects of the same size can use.');
  table(c, h.classes, [['size', r => r.size ? count(r.size) : 'large', 'n'], ['pointers', r => r.noscan ? 'no' : 'yes'], ['spans', r => count(r.spans), 'n'], ['objects', r => count(r.objects), 'n'], ['of slots', r => count(r.slots), 'n'], ['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / most, 'bar'], ['free slots', r => size(r.freeSlots), 'n'], ['ends', r => size(r.ends), 'n']]);
  if (o) {
    const t = section('Types', count(o.objects) + ' objects; small ones are named by what points to them. Retained: what would be freed if they went.'), top = Math.max(1, ...o.types.map(x => x.bytes));
    table(t, o.types.slice(0, 25), [['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / top, 'bar'], ['objects', r => count(r.objects), 'n'], ['retained', r => size(r.retained), 'n'], ['garbage', r => r.garbage ? count(r.garbage) : '', 'n'], ['type', r => r.type]]);
    if (o.largest.length) {
      el(t, 'h3', 'Objects that keep most alive');
      table(t, o.largest.slice(0, 12), [['retained', r => size(r.retained), 'n'], ['', r => r.retained / Math.max(1, o.largest[0].retained), 'bar'], ['own size', r => size(r.bytes), 'n'], ['address', r => r.address], ['type', r => r.type]]);
    }
  } else if (h.types.length) {
    const t = section('Types', 'Objects with pointers above 512 bytes carry their type; of others nobody knows it.'), top = Math.max(1, ...h.types.map(x => x.bytes));
    table(t, h.types.slice(0, 60), [['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / top, 'bar'], ['objects', r => count(r.objects), 'n'], ['type', r => r.type || '(not known)']]);
  }
  if (h.sites) {
    // A place that allocates several sizes is one row.
    const places = new Map();
    for (const x of h.sites) {
      const key = x.frames.map(f => f.function + f.line).join();
      const p = places.get(key);
      if (!p) { places.set(key, {...x, least: x.size}); continue; }
      p.bytes += x.bytes; p.objects += x.objects; p.allocated += x.allocated; p.size = Math.max(p.size, x.size); p.least = Math.min(p.least, x.size);
    }
    const live = [...places.values()].filter(x => x.objects).sort((a, b) => b.bytes - a.bytes), top = Math.max(1, ...live.map(x => x.bytes));
    const t = section('Allocation sites', h.profileRate === 1 ? 'Where what is in the heap was allocated; every allocation was counted.' : 'Where what is in the heap was allocated, estimated from a sample each ' + size(h.profileRate) + '.');
    const name = f => f ? f.function + '  ' + baseName(f.file) + ':' + f.line : '';
    table(t, live.slice(0, 60), [['bytes', r => size(r.bytes), 'n'], ['', r => r.bytes / top, 'bar'], ['objects', r => count(r.objects), 'n'], ['of', r => r.least === r.size ? size(r.size) : size(r.least) + ' to ' + size(r.size), 'n'], ['ever', r => count(r.allocated), 'n'], ['allocated in', r => name(r.frames[0]) || '(the runtime)'], ['called by', r => name(r.frames[1])]]);
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
    el(e, 'summary', count(list.length) + ' × ' + g.state + (oldest ? ', up to ' + time(oldest) : '') + (top ? ' in ' + ownFrame(g).function : ''));
    el(e, 'pre', g.frames.map(f => f.function + '()\n    ' + f.file + ':' + f.line).join('\n') + (g.createdBy ? '\ncreated by ' + g.createdBy.function + '\n    ' + g.createdBy.file + ':' + g.createdBy.line : '') +
      '\n\ngoroutines ' + list.slice(0, 50).map(x => x.id).join(' ') + (list.length > 50 ? ' \u2026' : ''));
  }
}
// Who waits for whom: goroutines on the left, what they wait for in the middle, who has it on the right; what hangs together stands
// together, and what is lost comes first.
function showWaits(d) {
  const lost = d.goroutines.filter(g => g.stuck).length;
  const s = section('Waits', d.goroutines.length === 0 ? 'Nobody waits for a channel or a lock.' : count(d.goroutines.length) + (d.goroutines.length === 1 ? ' goroutine waits' : ' goroutines wait') + ' for channels and locks; ' +
    (lost ? count(lost) + ' for ever: nothing that can still run can reach what they wait for.' : 'somebody who can run can reach all of these.'));
  if (d.goroutines.length === 0) return;
  const legend = el(s, 'p', null, {class: 'legend'});
  for (const [colour, name] of [['#d0453f', 'for ever'], ['var(--bar)', 'may be woken']]) { const x = el(legend, 'span'); el(x, 'i', '', {style: 'background:' + colour}); x.append(name); }
  el(legend, 'span', '\u2192 waits for'); el(legend, 'span', '\u21e2 dashed: who has it on the stack'); el(legend, 'span', 'round: goroutines, with corners: channels and locks');
  const goroutines = new Map(d.goroutines.map(g => [g.id, g])), alike = new Map();
  for (const o of d.objects) if (o.alike !== undefined) { if (!alike.has(o.alike)) alike.set(o.alike, []); alike.get(o.alike).push(o); }
  // Of those lost in the same way the first is drawn.
  const objects = d.objects.filter(o => o.alike === undefined || alike.get(o.alike)[0] === o), parts = [], seen = new Set(), mostWaiters = 6, mostParts = 30, byId = new Map();
  for (const o of objects) for (const id of o.waiters.concat(o.others)) { if (!byId.has(id)) byId.set(id, []); byId.get(id).push(o); }
  for (const first of objects) {
    if (seen.has(first)) continue;
    const part = {objects: [], waiters: new Set(), others: new Set()}, todo = [first];
    while (todo.length) {
      const o = todo.pop();
      if (seen.has(o)) continue;
      seen.add(o);
      part.objects.push(o);
      o.waiters.slice(0, mostWaiters).forEach(id => part.waiters.add(id));
      o.others.slice(0, mostWaiters).forEach(id => part.others.add(id));
      for (const id of o.waiters.slice(0, mostWaiters)) todo.push(...byId.get(id).filter(x => x.waiters.includes(id) || !x.reached));
      if (!o.reached) for (const id of o.others) todo.push(...byId.get(id).filter(x => !x.reached));
    }
    parts.push(part);
  }
  for (const g of d.goroutines) if (g.objects.length === 0) parts.push({objects: [], waiters: new Set([g.id]), others: new Set()});
  const isLost = p => p.objects.some(o => !o.reached) || p.objects.length === 0;
  parts.sort((a, b) => isLost(b) - isLost(a) || b.objects.length + b.waiters.size - a.objects.length - a.waiters.size);
  const narrow = innerWidth < 760, left = 0, middle = narrow ? 250 : 400, box2 = narrow ? 190 : 270, right = middle + box2 + 60, wide = narrow ? 215 : 310, high = 40, step = 50, title = o => {
    const times = o.alike === undefined ? '' : count(alike.get(o.alike).length) + ' \u00d7 ';
    return times + (o.type && o.variable ? o.type + ' in ' + o.variable : o.type || o.variable || 'on a stack');
  };
  const shown = parts.slice(0, mostParts), total = shown.reduce((n, p) => n + Math.max(p.waiters.size, p.objects.length, p.others.size) * step + 18, 0);
  const across = shown.some(p => [...p.others].some(id => !p.waiters.has(id))) ? right + wide : middle + box2;
  const g = svg(el(s, 'div', null, {class: 'scroll'}), 'svg', {viewBox: '0 0 ' + across + ' ' + total, style: 'width:' + across + 'px;height:' + total + 'px'});
  const marker = (id, colour) => svg(svg(svg(g, 'defs'), 'marker', {id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto'}), 'path', {d: 'M0,0 L8,4 L0,8 z', style: 'fill:' + colour});
  marker('end', 'var(--soft)'); marker('endLost', '#d0453f');
  const box = (x, y, w, round, red, first, second, hint) => {
    const e = svg(g, 'g');
    svg(e, 'rect', {x: x + 1, y: y + 1, width: w - 2, height: high - 2, rx: round, class: 'box' + (red ? ' lost' : '')});
    svg(e, 'text', {x: x + 12, y: y + 16}, cut(first, Math.floor((w - 20) / 6.6)));
    svg(e, 'text', {x: x + 12, y: y + 32, class: 'soft'}, cut(second, Math.floor((w - 20) / 6.6)));
    e.addEventListener('pointermove', event => tip(event, hint));
    e.addEventListener('pointerleave', () => tip(null, ''));
  };
  let top = 0;
  for (const p of shown) {
    const rows = Math.max(p.waiters.size, p.objects.length, p.others.size) * step, place = (list, y) => top + (rows - list * step) / 2 + y * step;
    const at = new Map(), waiters = [...p.waiters], others = [...p.others].filter(id => !p.waiters.has(id)), objectAt = new Map();
    waiters.forEach((id, i) => at.set(id, place(waiters.length, i)));
    p.objects.forEach((o, i) => objectAt.set(o, place(p.objects.length, i)));
    const otherAt = new Map();
    others.forEach((id, i) => otherAt.set(id, place(others.length, i)));
    const way = (x1, y1, x2, y2, red, dashed) => { const m = (x1 + x2) / 2; svg(g, 'path', {d: `M${x1},${y1} C${m},${y1} ${m},${y2} ${x2},${y2}`, class: 'way' + (red ? ' lost' : '') + (dashed ? ' held' : ''), 'marker-end': red ? 'url(#endLost)' : 'url(#end)'}); };
    for (const o of p.objects) {
      const y = objectAt.get(o), red = !o.reached;
      for (const id of o.waiters) if (at.has(id)) way(left + wide, at.get(id) + 14, middle, y + 14, red, false);
      for (const id of o.others) {
        if (at.has(id)) way(middle, y + 29, left + wide, at.get(id) + 29, red, true);
        else if (otherAt.has(id)) way(middle + box2, y + high / 2, right, otherAt.get(id) + high / 2, red, true);
      }
      const more = o.waiters.length > mostWaiters ? ', ' + count(o.waiters.length) + ' wait' : '';
      box(middle, y, box2, 3, red, title(o), (o.capacity === undefined ? o.address : o.capacity ? o.queued + ' of ' + o.capacity + ' filled' : 'unbuffered') + (o.closed ? ', closed' : '') + (o.timer ? ', of a timer' : '') + more, title(o) + '\n' + o.address);
    }
    for (const id of waiters) {
      const w = goroutines.get(id), f = ownFrame(w), same = p.objects.length === 1 && p.objects[0].alike !== undefined ? alike.get(p.objects[0].alike) : null;
      const wait = Math.max(...(same || [{waiters: [id]}]).map(o => goroutines.get(o.waiters[0]).waitNs || 0));
      box(left, at.get(id), wide, 18, w.stuck, (same ? count(same.length) + ' goroutines' : 'goroutine ' + id) + ': ' + w.state + (wait ? ', ' + (same ? 'up to ' : '') + time(wait) : ''), f ? f.function + '  ' + baseName(f.file) + ':' + f.line : '?',
          w.frames.map(x => x.function + '()\n    ' + x.file + ':' + x.line).join('\n') + (same ? '\n\ngoroutines ' + same.slice(0, 20).map(o => o.waiters[0]).join(' ') + (same.length > 20 ? ' \u2026' : '') : ''));
    }
    for (const id of others) box(right, otherAt.get(id), wide, 18, false, 'goroutine ' + id, 'has it on its stack', 'goroutine ' + id);
    top += rows + 18;
  }
  if (parts.length > mostParts) el(s, 'p', 'and ' + count(parts.length - mostParts) + ' more', {class: 'note'});
}
// The heap over time.
function showSamples(list) {
  const last = list[list.length - 1], first = list[0], span = Math.max(1e-9, last.atSeconds - first.atSeconds), done = last.collections - first.collections, marking = list.filter(x => x.phase !== 'GCoff').length;
  const s = section('Heap over time', 'What is live grows until it comes near the goal; then the collector marks, and what was garbage leaves.');
  cards(s, [[count(done), 'collections'], [(done / span).toFixed(1), 'a second'], [Math.round(100 * marking / list.length) + ' %', 'of the time marking'], [size(Math.max(...list.map(x => x.live))), 'most that counted as live'], [size(last.resident), 'resident at the end']]);
  const series = [['resident', 'resident', '#98a2af'], ['inUse', 'spans in use', '#4a9fb0'], ['goal', 'goal', '#d08a4a'], ['live', 'counted as live', '#2f74c9']], legend = el(s, 'p', null, {class: 'legend'});
  for (const [, name, colour] of series) { const x = el(legend, 'span'); el(x, 'i', '', {style: 'background:' + colour}); x.append(name); }
  { const x = el(legend, 'span'); el(x, 'i', '', {style: 'background:#d0453f;opacity:.25'}); x.append('the collector marks'); el(legend, 'span', '\u25be a collection has ended'); }
  const w = 1040, h = 330, x0 = 70, y0 = 300, g = svg(el(s, 'div', null, {class: 'scroll'}), 'svg', {viewBox: `0 0 ${w} ${h}`, style: 'width:100%;max-width:1300px;min-width:640px'});
  // A goal that nothing will reach, as with GOGC=off, would leave the rest flat.
  const limit = 4 * Math.max(...list.map(x => Math.max(x.live, x.inUse, x.resident))), high = Math.max(1, ...list.flatMap(x => series.map(([k]) => x[k]).filter(v => v < limit)));
  const unit = 2 ** Math.floor(Math.log2(high / 4)), X = t => x0 + (w - x0 - 10) * (t - first.atSeconds) / span, Y = v => y0 - (y0 - 12) * v / high;
  for (let v = 0; v <= high; v += unit * (high / unit > 6 ? 2 : 1)) { svg(g, 'line', {x1: x0, x2: w - 10, y1: Y(v), y2: Y(v), class: 'grid'}); svg(g, 'text', {x: x0 - 8, y: Y(v) + 4, 'text-anchor': 'end', class: 'soft'}, size(v)); }
  for (let i = 0; i <= 5; i++) svg(g, 'text', {x: X(first.atSeconds + span * i / 5), y: y0 + 20, 'text-anchor': i === 5 ? 'end' : i ? 'middle' : 'start', class: 'soft'}, (span * i / 5).toFixed(span < 10 ? 2 : 0) + ' s');
  list.forEach((x, i) => { if (x.phase !== 'GCoff') { const from = X(x.atSeconds), to = i + 1 < list.length ? X(list[i + 1].atSeconds) : w - 10; svg(g, 'rect', {x: from, y: 12, width: Math.max(1, to - from), height: y0 - 12, style: 'fill:#d0453f;opacity:.16'}); } });
  // A mark phase between two samples is seen by its number only.
  list.forEach((x, i) => { if (i && x.collections > list[i - 1].collections) svg(g, 'path', {d: `M${X(x.atSeconds) - 4},2 l8,0 l-4,7 z`, style: 'fill:#d0453f'}); });
  for (const [k, , colour] of series) svg(g, 'path', {d: list.filter(x => x[k] < limit).map((x, i) => (i ? 'L' : 'M') + X(x.atSeconds).toFixed(1) + ',' + Y(x[k]).toFixed(1)).join(' '), style: 'fill:none;stroke-width:1.8;stroke:' + colour});
  g.addEventListener('pointermove', e => {
    const box = g.getBoundingClientRect(), t = first.atSeconds + ((e.clientX - box.left) / box.width * w - x0) / (w - x0 - 10) * span, x = list.reduce((a, b) => Math.abs(b.atSeconds - t) < Math.abs(a.atSeconds - t) ? b : a);
    tip(e, x.atSeconds.toFixed(3) + ' s, ' + (x.phase === 'GCoff' ? 'collector off' : x.phase.slice(2)) + ', ' + count(x.collections) + ' collections\n' + series.map(([k, name]) => name + ' ' + (x[k] < limit ? size(x[k]) : 'none')).join('\n') + '\n' + count(x.goroutines) + ' goroutines');
  });
  g.addEventListener('pointerleave', () => tip(null, ''));
}
function showSched(d) {
  const s = section('Scheduler', 'GOMAXPROCS ' + d.gomaxprocs + ' of ' + d.cpus + ' CPUs, ' + d.globalQueue.length + ' goroutines in the global queue. An M is a thread; it needs one of the Ps to run goroutines, and each P has a queue of them.');
  table(s, d.ps, [['P', r => r.id, 'n'], ['state', r => r.status], ['M', r => r.m < 0 ? '' : r.m, 'n'], ['runs', r => r.goroutine || '', 'n'], ['next', r => r.runnext || '', 'n'], ['queued', r => r.queue.length, 'n'], ['', r => r.queue.length / 256, 'bar'], ['ticks', r => count(r.schedtick), 'n'], ['collector', r => r.gcWorker === 'NotWorker' ? '' : r.gcWorker]]);
  table(s, d.ms, [['M', r => r.id, 'n'], ['thread', r => r.thread, 'n'], ['P', r => r.p < 0 ? '' : r.p, 'n'], ['goroutine', r => r.goroutine || '', 'n'], ['state', r => r.spinning ? 'spinning' : r.asleep ? 'asleep' : r.goroutine ? 'running' : 'in the runtime']]);
}
function showGcwork(d) {
  const s = section('Collector\u2019s work', count(d.buffers) + ' work buffers of ' + d.entriesPerBuffer + ' objects exist; ' + count(d.steals) + ' were taken from another P. Shared: ' + d.full.length + ' with grey objects, ' + d.empty.length + ' empty, ' + d.spans.length + ' with spans to be scanned.');
  const part = b => b ? b.objects / d.entriesPerBuffer : 0;
  table(s, d.ps, [['P', r => r.id, 'n'], ['first buffer', r => r.wbuf1 ? r.wbuf1.objects : '', 'n'], ['', r => part(r.wbuf1), 'bar'], ['second', r => r.wbuf2 ? r.wbuf2.objects : '', 'n'], ['', r => part(r.wbuf2), 'bar'], ['spans in', r => r.spanIn ? r.spanIn.objects : '', 'n'], ['out', r => r.spanOut ? r.spanOut.objects : '', 'n'], ['write barrier', r => r.barrierUsed + ' of ' + r.barrierSize, 'n'], ['worker', r => r.worker === 'NotWorker' ? '' : r.worker]]);
}
function showBoot(d) {
  const s = section('Boot', 'From the ELF entry to main.main: what each step took, and what it changed.'), steps = d.steps, last = steps[steps.length - 1];
  cards(s, [[time(last.atNs), 'to ' + last.name], [size(last.resident), 'resident'], [size(last.virtual), 'addresses'], [size(last.heapInUse), 'heap in use'], [steps.filter(x => x.kind === 'init').length, 'packages initialised'], [time(steps.filter(x => x.kind === 'init').reduce((n, x) => n + x.tookNs, 0)), 'of it for packages']]);
  const legend = el(s, 'p', null, {class: 'legend'}), colours = {boot: '#5b8fd0', init: '#d08a4a', first: '#9b6bc4', main: '#58a55c'};
  for (const [k, name] of [['boot', 'runtime'], ['init', 'package initialisation'], ['first', 'first allocation, first work buffer'], ['main', 'main.main']]) { const x = el(legend, 'span'); el(x, 'i', '', {style: 'background:' + colours[k]}); x.append(name); }
  const total = Math.max(1, last.atNs), stepName = x => x.kind === 'init' ? 'package ' + x.package : x.name, costly = steps.slice(0, -1).sort((a, b) => b.tookNs - a.tookNs).slice(0, 8);
  // All of it in one row first, then step by step.
  const strip = el(s, 'div', null, {class: 'strip'});
  for (const x of steps.slice(0, -1)) el(strip, 'i', '', {style: 'width:' + (100 * x.tookNs / total).toFixed(3) + '%;background:' + colours[x.kind], title: stepName(x) + '  ' + time(x.tookNs)});
  el(s, 'h3', 'What cost most');
  table(s, costly, [['took', r => time(r.tookNs), 'n'], ['', r => [r.tookNs / Math.max(1, costly[0].tookNs), colours[r.kind]], 'bar'], ['share', r => (100 * r.tookNs / total).toFixed(1) + ' %', 'n'], ['step', stepName]]);
  el(s, 'h3', 'Step by step');
  el(s, 'p', 'When each began and what it took; what it added to the address space, to resident memory and to the heap; the goroutines (G), threads (M) and processors (P) that there were.', {class: 'note'});
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
if (data.samples) showSamples(data.samples);
if (data.heap) showHeap(data.heap, data.objects);
if (data.waits) showWaits(data.waits);
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
  if (!readHeap(target, &heap, error)) return false;
  uint64_t objects = 0;
  for (const SpanInfo& s : heap.spans) objects += s.live;
  std::string graphs;
  if (objects <= kMostObjects) {
    ObjectGraph graph;
    if (!graph.build(target, error)) return false;
    graph.computeDominators();
    WaitGraph waits;
    findWaits(target, graph, &waits);
    graphs = ",\n\"objects\": " + objectsJson(target, graph, true) + ",\n\"waits\": " + waitsJson(target, waits);
    for (const Goroutine& g : graph.goroutines())
      if (!g.system) goroutines.push_back(g);
  } else if (!readGoroutines(target, {}, &goroutines, error)) {
    return false;
  }
  if (!readScheduler(target, &scheduler, error) || !readGcWork(target, &work, error)) return false;
  const std::string held = heldText(target);
  *out = kHead;
  *out += safe("{\"title\": " + quoted(target.title) + ", \"sub\": " + quoted("build " + target.program->buildId() + (held.empty() ? "" : "; " + held)) + ",\n\"heap\": " + heapJson(target, heap) + graphs +
               ",\n\"goroutines\": " + goroutinesJson(target, goroutines, {}) + ",\n\"sched\": " + schedJson(target, scheduler) + ",\n\"gcwork\": " + gcworkJson(target, work) + "}");
  *out += kScript;
  return true;
}

std::string samplesHtml(Target& target, const std::string& samples) {
  return kHead + safe("{\"title\": " + quoted(target.title) + ", \"sub\": " + quoted("build " + target.program->buildId()) + ",\n\"samples\": " + samples + "}") + kScript;
}

std::string bootHtml(const BootRun& run) {
  return kHead + safe("{\"title\": " + quoted("Boot of " + run.program) + ", \"sub\": " + quoted(run.ended) + ",\n\"boot\": " + bootJson(run) + "}") + kScript;
}

}  // namespace burrow::inspect

// regex: patterns counted and replaced in a DNA text (regex-redux's work), and fields taken from lines of a log.
package main

import (
	"fmt"
	"regexp"
	"strings"
)

func main() {
	x := uint32(42)
	next := func(n uint32) uint32 {
		x = x*1664525 + 1013904223
		return x >> 8 % n
	}
	text := make([]byte, 700_000)
	for i := range text {
		text[i] = "acgt"[next(4)]
	}
	for _, pattern := range []string{"agggtaaa|tttaccct", "[cgt]gggtaaa|tttaccc[acg]", "a[act]ggtaaa|tttacc[agt]t", "agg[act]taaa|ttta[agt]cct"} {
		fmt.Println(pattern, len(regexp.MustCompile(pattern).FindAllIndex(text, -1)))
	}
	for _, r := range [][2]string{{"tha[Nt]", "<4>"}, {"aND|caN|Ha[DS]|WaS", "<3>"}, {"a[NSt]|BY", "<2>"}, {`\|[^|][^|]*\|`, "|"}} {
		text = regexp.MustCompile(r[0]).ReplaceAll(text, []byte(r[1]))
	}
	fmt.Println(len(text))

	var log strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&log, "10.0.%d.%d - user%d [%02d/Nov/2026:%02d:%02d:00] \"GET /item/%d?x=%d HTTP/1.1\" %d %d\n", next(256), next(256), next(50), 1+i%30, next(24), next(60), next(1000), next(10), 200+next(3)*100, next(5000))
	}
	line := regexp.MustCompile(`(?m)^(\d+\.\d+\.\d+\.\d+) - (\w+) \[([^\]]+)\] "(GET|POST) ([^ ?]+)(?:\?[^ ]*)? HTTP/[\d.]+" (\d{3}) (\d+)$`)
	bytes := map[string]int{}
	for _, m := range line.FindAllStringSubmatch(log.String(), -1) {
		bytes[m[6]] += len(m[5]) + len(m[7])
	}
	fmt.Println(bytes)
}

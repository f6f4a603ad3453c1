// compress: text and noise through flate at three levels and back, gzip's checksum with it, and LZW.
package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"fmt"
	"io"
	"strings"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	words := strings.Fields("the heap is a forest of spans and each span a field of objects of one size that the collector walks in the order of their addresses while goroutines run")
	x := uint32(42)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	var text bytes.Buffer
	for text.Len() < 6<<20 {
		if next(50) == 0 {
			for range 200 {
				text.WriteByte(byte(next(256)))
			}
		}
		text.WriteString(words[next(len(words))])
		text.WriteByte(" \n"[next(12)/11])
	}
	for _, level := range []int{flate.BestSpeed, flate.DefaultCompression, flate.BestCompression} {
		var packed bytes.Buffer
		w := must(gzip.NewWriterLevel(&packed, level))
		must(w.Write(text.Bytes()))
		w.Close()
		size := packed.Len()
		back := must(io.ReadAll(must(gzip.NewReader(&packed))))
		fmt.Println(level, size, bytes.Equal(back, text.Bytes()))
	}
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.LSB, 8)
	must(w.Write(text.Bytes()))
	w.Close()
	size := packed.Len()
	back := must(io.ReadAll(lzw.NewReader(&packed, lzw.LSB, 8)))
	fmt.Println("lzw", size, bytes.Equal(back, text.Bytes()))
}

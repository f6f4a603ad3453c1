// json: a document of orders written, read into structs and into maps, and formatted, several times.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

type item struct {
	Name     string   `json:"name"`
	Price    float64  `json:"price"`
	Quantity int      `json:"quantity"`
	Tags     []string `json:"tags,omitempty"`
}

type order struct {
	ID       uint64            `json:"id"`
	Customer string            `json:"customer"`
	Made     time.Time         `json:"made"`
	Paid     bool              `json:"paid"`
	Items    []item            `json:"items"`
	Notes    map[string]string `json:"notes"`
	Parent   *order            `json:"parent,omitempty"`
}

func main() {
	words := strings.Fields("burrow tunnel heap stack page span arena mark sweep park ready steal grey white black root née \"quoted\" <tag>")
	x := uint32(42)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	orders := make([]order, 4000)
	for i := range orders {
		o := &orders[i]
		*o = order{ID: uint64(i) << 33, Customer: words[next(len(words))] + " " + words[next(len(words))], Made: time.Unix(int64(next(2e9)), int64(next(1e9))).UTC(), Paid: next(2) == 0,
			Notes: map[string]string{words[next(len(words))]: words[next(len(words))], "source": "web"}}
		for range next(6) {
			o.Items = append(o.Items, item{words[next(len(words))], float64(next(1e6)) / 100, next(20), words[:next(4)]})
		}
		if i > 0 && next(4) == 0 {
			o.Parent = &order{ID: orders[i-1].ID, Customer: orders[i-1].Customer}
		}
	}
	total := 0
	for range 6 {
		text, err := json.Marshal(orders)
		if err != nil {
			panic(err)
		}
		var back []order
		if err := json.Unmarshal(text, &back); err != nil {
			panic(err)
		}
		orders = back
		var anything any
		if err := json.Unmarshal(text, &anything); err != nil {
			panic(err)
		}
		again, err := json.Marshal(anything)
		if err != nil {
			panic(err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, again, "", "  "); err != nil {
			panic(err)
		}
		total += len(text) + len(again) + pretty.Len()
	}
	fmt.Println(total, len(orders), orders[17].Made.Format(time.RFC3339))
}

// sorting: numbers, strings and records through sort and slices, stable and not, and a heap.
package main

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

type record struct {
	name  string
	age   int
	score float64
}

type queue []record

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].score < q[j].score }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(record)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func main() {
	const n = 400_000
	x := uint32(42)
	next := func() int {
		x = x*1664525 + 1013904223
		return int(x >> 8)
	}
	numbers := make([]int, n)
	texts := make([]string, n)
	records := make([]record, n)
	for i := range n {
		numbers[i] = next()
		texts[i] = strconv.Itoa(next())
		records[i] = record{texts[i], next() % 100, float64(next()) / 7}
	}
	sum := 0
	check := func(v int) { sum = sum*31 + v }

	a := slices.Clone(numbers)
	slices.Sort(a)
	check(a[n/3])
	a = slices.Clone(numbers)
	sort.Ints(a)
	check(a[n/2])
	a = slices.Clone(numbers)
	sort.Sort(sort.Reverse(sort.IntSlice(a)))
	check(a[n/5])
	s := slices.Clone(texts)
	slices.Sort(s)
	check(len(s[n/3]) + int(s[n/2][0]))
	s = slices.Clone(texts)
	sort.Strings(s)
	check(int(s[n/7][1]))
	r := slices.Clone(records)
	sort.Slice(r, func(i, j int) bool { return r[i].score < r[j].score })
	check(r[n/3].age)
	r = slices.Clone(records)
	slices.SortStableFunc(r, func(a, b record) int { return cmp.Compare(a.age, b.age) })
	check(len(r[n/3].name))
	slices.SortFunc(r, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name), cmp.Compare(a.score, b.score))
	})
	check(int(r[n/3].score))
	q := queue(slices.Clone(records[:n/2]))
	heap.Init(&q)
	for range n / 4 {
		check(heap.Pop(&q).(record).age)
		heap.Push(&q, records[n/2+next()%(n/2)])
	}
	for _, v := range numbers {
		i, _ := slices.BinarySearch(a, v)
		check(i)
	}
	fmt.Println(sum)
}

"""Writes a program whose functions are as large as generated ones: large switches, and values with thousands of uses."""

N = 1600


def key(i):
    return "k" * (i % 5) + str(i * 7919)


strings = "".join(f'\tcase "{key(i)}":\n\t\treturn {i}\n' for i in range(N))
types = "".join(f"type T{i} struct{{ a [{i % 9 + 1}]int }}\n" for i in range(N))
cases = "".join(f"\tcase T{i}:\n\t\treturn box(v.a[{i % 9}] + {i})\n" for i in range(N))
values = "".join(f"\t\tT{i}{{a: [{i % 9 + 1}]int{{{i % 9}: {i}}}}},\n" for i in range(N))
arms = " else ".join(f"if x == {i * 3} || l.n > {N * 5 + i} {{\n\t\ty += l.add({i})\n\t}}" for i in range(N))
print(f"""package main

type Key string

func ofString(x Key) int {{
	switch x {{
	case "":
		return -2
	default:
		return -1
{strings}	}}
}}

{types}
func box(n int) *int {{
	garbage = make([]byte, 1000)
	return &n
}}

var garbage []byte

func ofType(x any) *int {{
	switch v := x.(type) {{
{cases}	case nil:
		return box(-2)
	}}
	return box(-1)
}}

type List struct {{
	n    int
	next *List
}}

func (l *List) add(n int) int {{
	l.next = &List{{n, l.next}}
	return n
}}

func chain(l *List, x, y int) int {{
	{arms}
	return y + l.next.n
}}

func main() {{
	values := []any{{
{values}	}}
	keys := 0
	for i := range {N} {{
		s := itoa(i * 7919)
		for range i % 5 {{
			s = "k" + s
		}}
		if ofString(Key(s)) != i {{
			println("string", s, ofString(Key(s)))
		}}
		if n := ofString(Key(s + "x")); n != -1 {{
			println("string", s+"x", n)
		}}
		if n := ofString(Key(s[:len(s)-1] + "-")); n != -1 {{
			println("string", s, "with another end", n)
		}}
		keys++
		if p := ofType(values[i]); *p != 2*i {{
			println("type", i, *p)
		}}
		l := &List{{n: i}}
		if n := chain(l, i*3, 1); n != 2*i+1 {{
			println("chain", i, n)
		}}
	}}
	l := &List{{n: {N * 6}, next: &List{{n: 5}}}}
	println(keys, ofString(""), ofString("k"), ofString("zzzzzzzzzzzzzzzzzzzzzzz"), *ofType(nil), *ofType(values), chain(l, -1, 7))
}}

func itoa(n int) string {{
	if n < 10 {{
		return string(rune('0' + n))
	}}
	return itoa(n/10) + string(rune('0'+n%10))
}}""")

// Switches over strings look at the length, then at words of the bytes: every length up to two words and beyond, strings that
// share their first word, their last, or all but a byte in the middle, and what differs from a case in one place.
package main

import (
	"fmt"
	"strings"
)

type name string

func short(s string) int {
	switch s {
	case "":
		return 1
	case "a", "b":
		return 2
	case "ab", "ba", "\xff\xff":
		return 3
	case "abc", "abd", "cba", "\xff\xff\xff":
		return 4
	case "abcd", "dbca":
		return 5
	case "abcde", "abxde", "edcba":
		return 6
	case "abcdef", "abccef":
		return 7
	case "abcdefg", "abcxefg", "gbcdefa":
		return 8
	case "abcdefgh", "hgfedcba", "\x80\x80\x80\x80\x80\x80\x80\x80", "\xff\xff\xff\xff\xff\xff\xff\xff":
		return 9
	}
	return 0
}

func long(s name) (r int) {
	switch s {
	case "abcdefghi":
		r = 1
	case "abcdefghj", "bbcdefghi", "bbcdefghj":
		r = 2
		fallthrough
	case "abcdefgh12345678", "abcdefgh12345679", "12345678abcdefgh":
		r += 10
	case "12345678abcdefgi", "12345678x12345678":
		r = 3
	case "12345678y12345678", "12345678z12345678", "12345678x1234567y":
		r = 4
	case "the same beginning of all, then 1 and the same end of all of them, which is longer than a word":
		r = 5
	case "the same beginning of all, then 2 and the same end of all of them, which is longer than a word":
		r = 6
	case "the same beginning of all, then 3 and the same end of all of them, which is longer than a word":
		r = 7
	case "the same beginning of all of them, which is so long that no word is found that differs: up to here, 1",
		"the same beginning of all of them, which is so long that no word is found that differs: up to here, 2",
		"the same beginning of all of them, which is so long that no word is found that differs: up to here, 3",
		"the same beginning of all of them, which is so long that no word is found that differs: up to here, 4",
		"the same beginning of all of them, which is so long that no word is found that differs: up to here, 5":
		r = 8
	case "the same beginning of all of them, which is so long that no word is found that differs: up to here, 6":
		r = 9
	default:
		r = -1
	}
	return
}

// The bytes change between the switches.
func bytes(b []byte) (sum int) {
	for i := range b {
		switch string(b) {
		case "aaaa":
			sum += 1
		case "baaa":
			sum += 10
		case "bbaa":
			sum += 100
		case "bbba":
			sum += 1000
		case "bbbb", "c", "cc", "ccc":
			sum += 10000
		}
		b[i] = 'b'
	}
	return
}

func near(s string) []string {
	all := []string{s, s + "a", s + "\x00", "a" + s, s + s}
	for i := range s {
		all = append(all, s[:i], s[i:], s[:i]+s[i+1:])
		for _, c := range []string{"\x00", "a", "b", "\x7f", "\x80", "\xff", string(s[i] ^ 1)} {
			all = append(all, s[:i]+c+s[i+1:])
		}
	}
	return all
}

func main() {
	cases := strings.Split("|a|b|ab|ba|\xff\xff|abc|abd|cba|\xff\xff\xff|abcd|dbca|abcde|abxde|edcba|abcdef|abccef|abcdefg|abcxefg|gbcdefa|"+
		"abcdefgh|hgfedcba|\x80\x80\x80\x80\x80\x80\x80\x80|\xff\xff\xff\xff\xff\xff\xff\xff|"+
		"abcdefghi|abcdefghj|bbcdefghi|bbcdefghj|abcdefgh12345678|abcdefgh12345679|12345678abcdefgh|12345678abcdefgi|"+
		"12345678x12345678|12345678y12345678|12345678z12345678|12345678x1234567y", "|")
	for i := 1; i <= 6; i++ {
		cases = append(cases,
			fmt.Sprintf("the same beginning of all, then %d and the same end of all of them, which is longer than a word", i),
			fmt.Sprintf("the same beginning of all of them, which is so long that no word is found that differs: up to here, %d", i))
	}
	count := map[int]int{}
	for _, c := range cases {
		fmt.Printf("%q %d %d\n", c, short(c), long(name(c)))
		for _, s := range near(c) {
			count[short(s)]++
			count[100+long(name(s))]++
		}
	}
	fmt.Println(count)
	fmt.Println(bytes([]byte("aaaa")), bytes([]byte("bbbb")), bytes([]byte("ccc")))
}

// The load for a server:
//
//	client json ADDRESS CONNECTIONS SECONDS   prints requests, nanoseconds, and the 50th and 99th percentile of a request's
//	client handshakes ADDRESS N               prints N, nanoseconds: TLS connections, one after the other, none resumed
//	client downloads ADDRESS N                prints N, nanoseconds: answers of 1 MB on one TLS connection
//
// Requests are written as they are and answers are only skipped over, so that little of the machine goes to this side.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

// skipAnswer reads a head, and a body whose length the head gives or that comes in chunks.
func skipAnswer(r *bufio.Reader) error {
	length, chunked := 0, false
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("answer: %s", line)
		}
		if len(line) == 2 {
			break
		}
		if rest, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length = number(string(bytes.TrimSpace(rest)))
		}
		chunked = chunked || bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked"))
	}
	if !chunked {
		_, err := r.Discard(length)
		return err
	}
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return err
		}
		if _, err := r.Discard(int(n) + 2); err != nil || n == 0 {
			return err
		}
	}
}

func load(address string, connections int, limit time.Duration) {
	request := []byte("GET /json?n=10 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
	taken := make([][]time.Duration, connections)
	var all sync.WaitGroup
	start := time.Now()
	for i := range connections {
		all.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				log.Fatal(err)
			}
			defer c.Close()
			r := bufio.NewReaderSize(c, 16<<10)
			for time.Since(start) < limit {
				began := time.Now()
				if _, err := c.Write(request); err != nil {
					log.Fatal(err)
				}
				if err := skipAnswer(r); err != nil {
					log.Fatal(err)
				}
				taken[i] = append(taken[i], time.Since(began))
			}
		})
	}
	all.Wait()
	wall := time.Since(start)
	times := slices.Concat(taken...)
	slices.Sort(times)
	fmt.Println(len(times), wall.Nanoseconds(), times[len(times)/2].Nanoseconds(), times[len(times)*99/100].Nanoseconds())
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("client json|handshakes|downloads ADDRESS N...")
	}
	address, n := os.Args[2], number(os.Args[3])
	config := &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"}
	start := time.Now()
	switch os.Args[1] {
	case "json":
		load(address, n, time.Duration(number(os.Args[4]))*time.Second)
		return
	case "handshakes":
		for range n {
			c, err := tls.Dial("tcp", address, config)
			if err != nil {
				log.Fatal(err)
			}
			c.Close()
		}
	case "downloads":
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		for range n {
			resp, err := client.Get("https://" + address + "/mb")
			if err != nil {
				log.Fatal(err)
			}
			got, err := io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || got != 1<<20 {
				log.Fatal(got, err)
			}
		}
	}
	fmt.Println(n, time.Since(start).Nanoseconds())
}

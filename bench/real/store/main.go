// store: a key-value store on disk, bbolt, under load: batches of writes, a goroutine that reads and one that scans.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	bolt "go.etcd.io/bbolt"
)

const (
	batches   = 150
	batchSize = 1000
	keys      = 60_000
	reads     = 400_000
	scans     = 20
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	folder, err := os.MkdirTemp("", "store")
	must(err)
	defer os.RemoveAll(folder)
	db, err := bolt.Open(filepath.Join(folder, "db"), 0o600, &bolt.Options{NoSync: true})
	must(err)
	bucket := []byte("items")
	must(db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket(bucket)
		return err
	}))
	key := func(b []byte, n uint32) []byte {
		binary.BigEndian.PutUint32(b, n*2654435761)
		return b[:4]
	}
	var readers sync.WaitGroup
	write := func(first int) {
		x := uint32(first + 1)
		for batch := range batches {
			must(db.Update(func(tx *bolt.Tx) error {
				b := tx.Bucket(bucket)
				for range batchSize {
					x = x*1664525 + 1013904223
					k := make([]byte, 4)
					n := x >> 8 % keys
					if batch%5 == 4 {
						if err := b.Delete(key(k, n)); err != nil {
							return err
						}
						continue
					}
					value := make([]byte, 100)
					binary.LittleEndian.PutUint32(value, n)
					if err := b.Put(key(k, n), value); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
	write(0)
	readers.Add(2)
	go func() {
		defer readers.Done()
		x := uint32(7)
		k := make([]byte, 4)
		for range reads / 100 {
			must(db.View(func(tx *bolt.Tx) error {
				b := tx.Bucket(bucket)
				for range 100 {
					x = x*1664525 + 1013904223
					n := x >> 8 % keys
					if v := b.Get(key(k, n)); v != nil && binary.LittleEndian.Uint32(v) != n {
						return fmt.Errorf("%d: wrong value", n)
					}
				}
				return nil
			}))
		}
	}()
	go func() {
		defer readers.Done()
		for range scans {
			must(db.View(func(tx *bolt.Tx) error {
				var last []byte
				c := tx.Bucket(bucket).Cursor()
				for k, _ := c.First(); k != nil; k, _ = c.Next() {
					if string(last) >= string(k) {
						return fmt.Errorf("%x does not follow %x", k, last)
					}
					last = append(last[:0], k...)
				}
				return nil
			}))
		}
	}()
	write(1000)
	readers.Wait()
	n := 0
	must(db.View(func(tx *bolt.Tx) error {
		n = tx.Bucket(bucket).Stats().KeyN
		return tx.Bucket(bucket).ForEach(func(k, v []byte) error { return nil })
	}))
	must(db.Close())
	fmt.Println(n)
}

// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

const waves, width = 2000, 1000

var wg sync.WaitGroup
var count int64

func one() { atomic.AddInt64(&count, 1); wg.Done() }

func main() {
	for wave := 0; wave < waves; wave++ {
		for i := 0; i < width; i++ {
			wg.Add(1)
			go one()
		}
		wg.Wait()
	}
	if count != waves*width {
		panic(count)
	}
	fmt.Println(count)
}

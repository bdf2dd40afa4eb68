#!/bin/bash
for batch in $(seq 1 24); do
    printf 'batch %02d: %d messages, 0 errors\n' "$batch" $((batch * 1000))
    sleep 0.05
done
echo "waiting for the queue to drain"
sleep 600

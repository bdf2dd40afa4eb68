#!/bin/sh
# Publishes the archives that the build left.
archive=$1
target="/srv/www/downloads"
mkdir -p "$target"
cp $archive "$target/"

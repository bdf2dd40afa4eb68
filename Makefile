# A thin front for Meson and Ninja: everything is built in build/, a release.
PREFIX = /usr/local
# In the order in which one model's training may use another's answers.
RECIPES = $(wildcard $(patsubst %,models/%/recipe.json,ci-tools ci-lines ci-cause ci-fixes))

.PHONY: all test install corpus corpus-check corpus-logs retrain bench-triage bench-corpus bench-neural bench-text format lint clean

all: build/build.ninja
	ninja -C build bantam

build/build.ninja:
	meson setup build --buildtype release

# Everything that CI runs; `meson test -C build --suite unit` runs one kind of test.
test:
	./test.sh

install: build/build.ninja
	meson configure build --prefix "$(abspath $(PREFIX))"
	ninja -C build
	meson install -C build --no-rebuild

# Trains the shipped models again from ../shared/data and the corpus, the same bytes each time.
retrain: all corpus-logs
	for model in $(RECIPES); do build/bantam train $$model && ninja -C build bantam || exit; done

# Makes the corpus' recordings that are missing or out of date again: needs root, an hour or two, and corpus/install.sh's tools.
corpus:
	corpus/corpus make -j 2

# Checks every recording against its label, told as every CI system.
corpus-check:
	corpus/corpus check

# Writes the corpus' logs and labels to build/corpus/train and build/corpus/test.
corpus-logs:
	corpus/corpus logs build/corpus

# Accuracy, size and speed of the shipped models, written to bench/.
bench-triage: all
	bench/triage.sh

# The shipped models on the corpus' test part.
bench-corpus: all
	bench/corpus.sh

# Speed and success of training tiny transformers, beside PyTorch, and the shipped adders.
bench-neural: all
	bench/neural.sh

# Text classification beside its peers, which are installed into build/peers; written to bench/results/text.md.
bench-text: all
	bench/text.sh

format:
	$$(command -v clang-format-14 || echo clang-format) -i $$(git ls-files '*.c' '*.h' ':!examples/logs')

lint:
	tools/lint.sh

clean:
	rm -rf build build-*

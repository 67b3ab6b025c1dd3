# Lapwing. `make run` builds and shows it, `make check` runs every test; both install what is missing.

PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build

CC      ?= cc
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
           -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wvla -Wundef -Wcast-qual \
           -Wwrite-strings -Wimplicit-fallthrough
HARDEN  := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fPIE -fstack-protector-strong \
           -fstack-clash-protection -fcf-protection
LW_CFLAGS  = -std=c11 -D_GNU_SOURCE -Iinclude $(WARN) $(HARDEN) -MMD -MP \
             -ffile-prefix-map=$(CURDIR)/= $(CFLAGS)
LW_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)
LIBS    := -lncursesw -lsqlite3 -lsodium -lutf8proc -ljansson -liniparser

# Each layer is an archive; a layer may use only those to the right of it, in this order of linking.
LAYERS  := cli tui app exchange journal guard store vault base
below    = $(shell echo '$(LAYERS)' | sed 's/.*\<$(1)\>/$(1)/')
archives = $(foreach layer,$(1),$(BUILD)/lib$(layer).a)

sources  = $(sort $(wildcard src/$(1)/*.c))
objects  = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(call sources,$(1)))

UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/test/%,$(sort $(wildcard tests/unit/*/*.c)))
TORTURE := $(patsubst tests/torture/%.c,$(BUILD)/torture/%,$(sort $(wildcard tests/torture/*.c)))
FUZZ    := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
MAN     := $(wildcard man/*.[1-8])
CATALOGUES := $(patsubst share/po/%.po,$(BUILD)/locale/%/LC_MESSAGES/lapwing.mo,$(wildcard share/po/*.po))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run asan check bench torture fuzz unit lint format install uninstall clean

all: $(BUILD)/lapwing $(CATALOGUES)

$(BUILD)/locale/%/LC_MESSAGES/lapwing.mo: share/po/%.po
	@mkdir -p $(@D)
	msgfmt --check --endianness=little -o $@ $<

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -c -o $@ $<

define archive_rule
$$(BUILD)/lib$(1).a: $$(call objects,$(1))
	@mkdir -p $$(@D)
	rm -f $$@
	ar rcsD $$@ $$^
endef
$(foreach layer,$(LAYERS),$(eval $(call archive_rule,$(layer))))

# SQLite on a lane for other programs: this archive and include/vfs.h.
$(BUILD)/libvfs.a: $(BUILD)/obj/store/vfs.o $(call objects,vault) $(call objects,base)
	@mkdir -p $(@D)
	rm -f $@
	ar rcsD $@ $^

$(BUILD)/lapwing: $(BUILD)/obj/main.o $(call archives,$(LAYERS))
	$(CC) $(LW_LDFLAGS) -o $@ $^ $(LIBS)

# ---- tests ------------------------------------------------------------------------------------

# The same program with a third, cheap key derivation; never installed.
$(BUILD)/lapwing-test: $(BUILD)/obj/main.o $(BUILD)/test/kdf_profiles.o $(BUILD)/test/disk_type.o \
                       $(call archives,$(LAYERS))
	$(CC) $(LW_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/test/kdf_profiles.o $(BUILD)/test/disk_type.o: $(BUILD)/test/%.o: tests/support/%.c
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -c -o $@ $<

# tests/unit/LAYER/TOPIC.c links that layer and those below it, so that a call upward does not link.
.SECONDEXPANSION:
$(BUILD)/test/%: tests/unit/%.c $(BUILD)/test/kdf_profiles.o $(BUILD)/test/disk_type.o \
                 $$(call archives,$$(call below,$$(*D)))
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -Itests/support -Isrc -o $@ $< $(LW_LDFLAGS) $(BUILD)/test/kdf_profiles.o \
	    $(BUILD)/test/disk_type.o $(call archives,$(call below,$(*D))) -lcmocka $(LIBS)

# tests/unit/vfs/TOPIC.c links what another program would.
$(BUILD)/test/vfs/%: tests/unit/vfs/%.c $(BUILD)/test/kdf_profiles.o $(BUILD)/libvfs.a
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -Itests/support -Isrc -o $@ $< $(LW_LDFLAGS) $(BUILD)/test/kdf_profiles.o \
	    $(BUILD)/libvfs.a -lcmocka -lsqlite3 -lsodium -lutf8proc

$(BUILD)/test/tui/russian $(BUILD)/test/tui/teller: $(CATALOGUES)

unit: $(UNIT)

# Campaigns, tests/torture/NAME.c, may use every layer but the front ends.
$(BUILD)/torture/%: tests/torture/%.c $(BUILD)/test/kdf_profiles.o \
                    $(call archives,$(call below,app))
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -Itests/support -Isrc -o $@ $< $(LW_LDFLAGS) $(BUILD)/test/kdf_profiles.o \
	    $(call archives,$(call below,app)) $(LIBS) -lm

# Fuzz targets, tests/fuzz/NAME.c: with clang libFuzzer drives them, in the sanitized build of `make check`
# a program that replays their corpus.
FUZZING   := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_MAIN := tests/support/fuzz_replay.c
$(BUILD)/fuzz/%: tests/fuzz/%.c $(wildcard tests/support/fuzz*) $(call archives,$(call below,tui))
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -Itests/support -Isrc -o $@ $< $(LW_LDFLAGS) $(FUZZ_MAIN) \
	    $(call archives,$(call below,tui)) $(LIBS)

# GOALS under AddressSanitizer and UndefinedBehaviorSanitizer, in a folder of their own
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
GOALS    ?= unit $(BUILD)/asan/lapwing-test $(FUZZ:%=$(BUILD)/asan/fuzz/%)
asan:
	@$(MAKE) --no-print-directory -j2 BUILD=$(BUILD)/asan HARDEN= \
	    CFLAGS="-O1 -g $(SANITIZE) -Werror" LDFLAGS="$(SANITIZE)" $(GOALS)

check:
	@share/build/need check
	@$(MAKE) --no-print-directory -j2 CFLAGS="$(CFLAGS) -Werror" all unit $(TORTURE) $(BUILD)/lapwing-test
	@$(MAKE) --no-print-directory asan
	@tests/run $(BUILD)

run:
	@share/build/need run
	@$(MAKE) --no-print-directory -j2 all
	@$(BUILD)/lapwing practice

# SQLCipher is measured too where it is installed (Debian: libsqlcipher-dev).
CIPHER := $(if $(wildcard /usr/include/sqlcipher/sqlite3.h),$(BUILD)/bench/speed-sqlcipher)
$(BUILD)/bench/speed: tests/bench/speed.c $(BUILD)/test/kdf_profiles.o $(call archives,$(call below,store))
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -o $@ $< $(LW_LDFLAGS) $(BUILD)/test/kdf_profiles.o \
	    $(call archives,$(call below,store)) $(LIBS)
$(BUILD)/bench/speed-sqlcipher: tests/bench/speed.c
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -DSQLCIPHER -o $@ $< $(LW_LDFLAGS) -lsqlcipher

$(BUILD)/bench/million: tests/bench/million.c tests/bench/generate.c tests/bench/generate.h \
                        $(BUILD)/test/kdf_profiles.o $(BUILD)/test/disk_type.o $(call archives,$(call below,tui))
	@mkdir -p $(@D)
	$(CC) $(LW_CFLAGS) -Isrc -o $@ $(filter %.c,$^) $(LW_LDFLAGS) $(BUILD)/test/kdf_profiles.o \
	    $(BUILD)/test/disk_type.o $(call archives,$(call below,tui)) $(LIBS) -lm

WIPE_ROUNDS ?= 100
# The larger of two journals whose views are timed; a million need 6 GiB in the build folder.
ENTRIES ?= 100000
bench:
	@share/build/need check
	@$(MAKE) --no-print-directory -j2 all $(BUILD)/lapwing-test $(BUILD)/bench/speed \
	    $(BUILD)/bench/million $(CIPHER)
	@python3 -B tests/bench/bytes.py $(BUILD)
	@python3 -B tests/bench/latency.py $(BUILD)
	@python3 -B tests/bench/drive.py $(BUILD)
	@python3 -B tests/bench/wipe.py $(BUILD) $(WIPE_ROUNDS)
	@python3 -B tests/bench/speed.py $(BUILD)
	@python3 -B tests/bench/million.py $(BUILD) $(ENTRIES)

# The long forms. Both go on where they were stopped; TORTURE_ARGS names campaigns, FUZZ_SECONDS says how
# long each target runs.
torture:
	@share/build/need check
	@$(MAKE) --no-print-directory -j2 all $(TORTURE) $(BUILD)/lapwing-test
	@tests/torture/run $(BUILD) $(TORTURE_ARGS)

FUZZ_SECONDS ?= 1200
fuzz:
	@share/build/need fuzz
	@$(MAKE) --no-print-directory -j2 BUILD=$(BUILD)/fuzzing CC=clang HARDEN= FUZZ_MAIN=-fsanitize=fuzzer \
	    CFLAGS="-O1 -g $(FUZZING)" LDFLAGS="$(FUZZING)" $(FUZZ:%=$(BUILD)/fuzzing/fuzz/%)
	@tests/fuzz/run $(BUILD)/fuzzing $(FUZZ_SECONDS) $(FUZZ)

lint:
	@share/build/need check
	@tests/lint $(BUILD)

format:
	clang-format -i src/*.c src/*/*.[ch] include/*.h tests/*/*.[ch] tests/*/*/*.c

# ---- installing -------------------------------------------------------------------------------

install: all
	install -Dm755 $(BUILD)/lapwing $(DESTDIR)$(PREFIX)/bin/lapwing
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/lapwing/practice share/practice/*.json
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/lapwing/forms share/forms/*.ini
	for kind in systemd udev; do \
	    install -Dm644 -t $(DESTDIR)$(PREFIX)/share/lapwing/$$kind share/$$kind/* || exit 1; \
	    sed -i 's,/usr/local/bin/,$(PREFIX)/bin/,' $(DESTDIR)$(PREFIX)/share/lapwing/$$kind/* || exit 1; \
	done
	for catalogue in $(CATALOGUES:$(BUILD)/%=%); do \
	    install -Dm644 $(BUILD)/$$catalogue $(DESTDIR)$(PREFIX)/share/$$catalogue || exit 1; \
	done
	for page in $(MAN); do \
	    install -Dm644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page || exit 1; \
	done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/lapwing
	rm -rf $(DESTDIR)$(PREFIX)/share/lapwing
	rm -f $(CATALOGUES:$(BUILD)/%=$(DESTDIR)$(PREFIX)/share/%)
	for page in $(MAN); do \
	    rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; \
	done

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

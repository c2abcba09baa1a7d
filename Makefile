# Lembra. GNU make; everything that is made lands under build/.
#
#   make                      build/lembra and build/lembra-chart, -O2
#   make SAN=address          build/address/lembra; SAN=undefined likewise
#   make DEVELOPER=1          strict warnings are errors; with CC=clang too
#   make MEM=debug            every pool allocation is one malloc, so that ASan sees overruns
#   make tests | bench | fuzz test programs, bench programs, fuzz targets
#   make score                programs that measure understanding against files of cases
#   make layers               no file includes a floor above its own (part of every build)
#   make circles              no files use each other in a circle (part of make tests)
#   make unused               whatever the library offers is used by some other file
#
# Each variant has its own directory under build/; build/gen is shared. To compile some files only:
#   make B=/tmp/try SOURCES="core/err.c core/mem.c" GEN_SOURCES= UNIT_TESTS=tests/unit/test_mem.c /tmp/try/tests/unit

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
ifeq ($(origin CC),default)
CC := gcc
endif
AWK := awk
NM := nm
PKG_CONFIG := pkg-config

FLOORS := core db integrations ml tools cron bot
PACKAGES := apr-1 json-c libpq libcurl libuv libmicrohttpd libsodium hiredis libical libarchive libxml-2.0 gsl

# --- variant ------------------------------------------------------------------------------------
empty :=
space := $(empty) $(empty)
comma := ,
STRICT := $(filter-out 0,$(DEVELOPER))
ifeq ($(SAN),fuzzer)
VARIANT := fuzz
else
VARIANT := $(subst $(space),-,$(strip $(subst $(comma), ,$(SAN)) $(if $(STRICT),developer) $(MEM:%=mem-%) \
	$(if $(findstring clang,$(CC)),clang) $(if $(EXTRA_TOOLS),extra)))
endif
B := build$(VARIANT:%=/%)
GEN := build/gen

# --- flags --------------------------------------------------------------------------------------
DEPS_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
DEPS_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
ifeq ($(DEPS_LIBS),)
$(error a library is missing, see the lines above; `./dev build` installs what is needed)
endif
CHECK_LIBS := $(shell $(PKG_CONFIG) --libs check 2>/dev/null)
# Of lembra-chart alone: the service neither links it nor sees its headers.
CAIRO_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags cairo))
CAIRO_LIBS := $(shell $(PKG_CONFIG) --libs cairo)
ifeq ($(CAIRO_LIBS),)
$(error cairo is missing, see the lines above; `./dev build` installs what is needed)
endif

# Headers of libraries are not ours to warn about, hence -isystem.
CPPFLAGS := -I. -I$(GEN) $(patsubst -I%,-isystem %,$(DEPS_CFLAGS)) -D_GNU_SOURCE
# What a row of a table leaves out is zero, and meant to be.
CFLAGS := -std=gnu11 -O2 -g -fno-omit-frame-pointer -fPIE -Wall -Wextra -Wno-missing-field-initializers
LDFLAGS := -pie -Wl,--as-needed -Wl,-z,relro,-z,now
LIBS := $(DEPS_LIBS) -lm

ifneq ($(STRICT),)
CFLAGS += -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wvla -Wformat=2 -Wwrite-strings \
	-Wpointer-arith
# The product runs on the small stacks of fibers.
FRAME_LIMIT := $(if $(SAN),,-Wframe-larger-than=4096)
endif
ifeq ($(MEM),debug)
CPPFLAGS += -DMEM_DEBUG
endif
ifeq ($(SAN),)
CPPFLAGS += -D_FORTIFY_SOURCE=2
CFLAGS += -fstack-protector-strong
else ifeq ($(SAN),fuzzer)
SAN_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
else
SAN_FLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=all
endif
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS) $(SAN_FLAGS) -MMD -MP
LINK = $(CC) $(LDFLAGS) $(CFLAGS) $(SAN_FLAGS)

# --- what there is ------------------------------------------------------------------------------
# A floor, and its rooms.
in_floors = $(sort $(wildcard $(foreach floor,$(FLOORS),$(addprefix $(floor)/,$(1) $(addprefix */,$(1))))))
SOURCES := $(call in_floors,*.c)
CHART_SOURCES := $(sort $(wildcard ml/chart/draw/*.c))
PROMPTS := $(sort $(wildcard ml/prompt/*.txt))
TEXTS := $(filter-out $(PROMPTS),$(call in_floors,*.txt))
QUERIES := $(filter-out db/migrations/%,$(call in_floors,*.sql))
MIGRATIONS := $(sort $(wildcard db/migrations/*.sql))
TOOLS := $(sort $(wildcard tools/*/tool_*.c)) $(EXTRA_TOOLS)
JOBS := $(sort $(wildcard cron/job_*.c))
ROUTES := $(sort $(wildcard bot/web/*.c))
CALLS := $(sort $(wildcard bot/work/call_*.c))
STATICS := $(sort $(wildcard bot/web/static/*))
UNIT_TESTS := $(sort $(wildcard tests/unit/*.c))
INTEGRATION_TESTS := $(sort $(wildcard tests/integration/*.c))
E2E_TESTS := $(sort $(wildcard tests/e2e/*.c))
REMOTE_TESTS := $(sort $(wildcard tests/remote/*.c))
STANDIN_CLIENT := $(wildcard tests/standins/program.c tests/standins/client.c tests/standins/llm_client.c tests/standins/google_client.c)
FIXTURE := $(wildcard tests/integration/fixture.c tests/integration/own_redis.c)
STANDIN_TELEGRAM := $(sort $(wildcard tests/standins/telegram*.c))
STANDIN_LLM := $(sort $(filter-out tests/standins/llm_client.c,$(wildcard tests/standins/llm_*.c)))
STANDIN_GOOGLE := $(sort $(filter-out tests/standins/google_client.c,$(wildcard tests/standins/google_*.c)))
BENCHES := $(sort $(wildcard tests/bench/*.c))
SCORES := $(sort $(wildcard tests/score/*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))

# A table is generated as soon as the header that declares it is there.
TOOLS_C := $(if $(EXTRA_TOOLS),$(B)/gen,$(GEN))/tools.c
GEN_SOURCES := $(if $(wildcard core/i18n.h),$(GEN)/texts.c) $(if $(wildcard db/pg.h),$(GEN)/stmts.c) \
	$(if $(wildcard db/migrate.h),$(GEN)/migrations.c) $(if $(PROMPTS),$(GEN)/prompts.c) $(if $(wildcard tools/tool.h),$(TOOLS_C)) \
	$(if $(wildcard cron/job.h),$(GEN)/job_table.c) \
	$(if $(wildcard bot/web/web_route.h),$(GEN)/routes.c) $(if $(STATICS),$(GEN)/statics.c) $(if $(CALLS),$(GEN)/calls.c)

objects = $(patsubst %.c,$(B)/obj/%.o,$(filter-out $(GEN_SOURCES),$(1))) \
	$(patsubst %.c,$(B)/obj/gen/%.o,$(notdir $(filter $(GEN_SOURCES),$(1))))
LIB_OBJECTS := $(call objects,$(filter-out bot/main.c,$(SOURCES)) $(EXTRA_TOOLS) $(GEN_SOURCES))
LIB := $(B)/liblembra.a

# Whoever asks an archive for an object by its name sees one of them.
$(foreach name,$(notdir $(LIB_OBJECTS)),$(if $(word 2,$(filter %/$(name),$(LIB_OBJECTS))),$(error \
	two sources of one base name: $(filter %/$(name),$(LIB_OBJECTS)))))

.PHONY: all
all: layers $(LIB) $(if $(wildcard bot/main.c),$(B)/lembra) $(if $(CHART_SOURCES),$(B)/lembra-chart)

# $(eval $(call remember,FILE,TEXT)) rewrites FILE when it holds another text. What depends on FILE is
# made again after a source was added or removed or a flag changed, which no time stamp tells.
define remember
ifneq ($$(strip $$(file <$(1))),$(strip : $(2)))
$$(shell mkdir -p $(dir $(1)))
$$(file >$(1),$(strip : $(2)))
endif
endef
$(eval $(call remember,$(B)/obj/flags,$(COMPILE) $(LINK)))
$(eval $(call remember,$(B)/obj/objects,$(LIB_OBJECTS)))
$(eval $(call remember,$(GEN)/texts.list,$(TEXTS)))
$(eval $(call remember,$(GEN)/queries.list,$(QUERIES)))
$(eval $(call remember,$(GEN)/migrations.list,$(MIGRATIONS)))
$(eval $(call remember,$(GEN)/prompts.list,$(PROMPTS)))
$(eval $(call remember,$(TOOLS_C:.c=.list),$(TOOLS)))
$(eval $(call remember,$(GEN)/job_table.list,$(JOBS)))
$(eval $(call remember,$(GEN)/routes.list,$(ROUTES)))
$(eval $(call remember,$(GEN)/calls.list,$(CALLS)))
$(eval $(call remember,$(GEN)/statics.list,$(STATICS)))

# --- generated tables ---------------------------------------------------------------------------
# Written aside and moved, because two variants may be built at the same time.
generate = @mkdir -p $(@D) && $(1) </dev/null >$@.$$$$ && mv $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }

$(GEN)/texts.c: core/gen/texts.awk $(GEN)/texts.list $(TEXTS)
	$(call generate,$(AWK) -f core/gen/texts.awk $(TEXTS))
$(GEN)/stmts.h: core/gen/sql.awk $(GEN)/queries.list $(QUERIES)
	$(call generate,$(AWK) -v out=h -f core/gen/sql.awk $(QUERIES))
$(GEN)/stmts.c: core/gen/sql.awk $(GEN)/queries.list $(QUERIES)
	$(call generate,$(AWK) -v out=c -f core/gen/sql.awk $(QUERIES))
$(GEN)/migrations.c: core/gen/migrations.awk $(GEN)/migrations.list $(MIGRATIONS)
	$(call generate,$(AWK) -f core/gen/migrations.awk $(MIGRATIONS))
$(GEN)/prompts.c: core/gen/prompts.awk $(GEN)/prompts.list $(PROMPTS)
	$(call generate,$(AWK) -f core/gen/prompts.awk $(PROMPTS))
$(TOOLS_C): core/gen/table.awk $(TOOLS_C:.c=.list) $(TOOLS)
	$(call generate,$(AWK) -v noun=tool -v header=tools/tool.h -f core/gen/table.awk $(TOOLS))
$(GEN)/job_table.c: core/gen/table.awk $(GEN)/job_table.list $(JOBS)
	$(call generate,$(AWK) -v noun=job -v header=cron/job.h -f core/gen/table.awk $(JOBS))

$(GEN)/routes.c: core/gen/collect.awk $(GEN)/routes.list $(ROUTES)
	$(call generate,$(AWK) -v type=web_route -v name=route -v table=web_routes -v header=bot/web/web_route.h \
		-f core/gen/collect.awk $(ROUTES))

$(GEN)/calls.c: core/gen/collect.awk $(GEN)/calls.list $(CALLS)
	$(call generate,$(AWK) -v type=person_call -v name=call -v table=person_calls -v header=bot/work/person_web.h \
		-f core/gen/collect.awk $(CALLS))
$(GEN)/statics.c: core/gen/static.awk $(GEN)/statics.list $(STATICS)
	$(call generate,$(AWK) -f core/gen/static.awk $(STATICS))

# --- the product --------------------------------------------------------------------------------
compile = @mkdir -p $(@D) && echo "  CC    $<" && $(COMPILE) $(1) -c $< -o $@
link = @mkdir -p $(@D) && echo "  LINK  $@" && $(LINK) $(filter %.o %.a,$^) $(1) -o $@

$(B)/obj/%.o: %.c $(B)/obj/flags | $(GEN)/stmts.h
	$(call compile,$(FRAME_LIMIT))
$(B)/obj/gen/%.o: $(GEN)/%.c $(B)/obj/flags | $(GEN)/stmts.h
	$(call compile)
$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/obj/flags | $(GEN)/stmts.h
	$(call compile)

$(LIB): $(LIB_OBJECTS) $(B)/obj/objects
	@rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
$(B)/lembra: $(call objects,bot/main.c) $(LIB) $(B)/obj/flags
	$(call link,$(LIBS))

# Draws pictures; a program of its own below its floor's rooms.
$(B)/obj/ml/chart/draw/%.o: ml/chart/draw/%.c $(B)/obj/flags | $(GEN)/stmts.h
	$(call compile,$(CAIRO_CFLAGS))
$(B)/lembra-chart: $(call objects,$(CHART_SOURCES)) $(LIB) $(B)/obj/flags
	$(call link,$(CAIRO_LIBS) $(LIBS))

# --- tests --------------------------------------------------------------------------------------
# A suite is every file of its folder, tests/test.c and a table of the TEST(...) heads found in them.
.PHONY: tests
tests: all circles $(B)/tests/unit $(B)/tests/integration $(B)/tests/e2e $(B)/tests/remote \
	$(if $(STANDIN_TELEGRAM),$(B)/tests/standin-telegram) $(if $(STANDIN_LLM),$(B)/tests/standin-llm) \
	$(if $(STANDIN_GOOGLE),$(B)/tests/standin-google)

define suite
$$(eval $$(call remember,$(B)/gen/tests_$(1).list,$(2)))
$(B)/gen/tests_$(1).c: core/gen/tests.awk $(B)/gen/tests_$(1).list $(2)
	$$(call generate,$$(AWK) -v suite=$(1) -f core/gen/tests.awk $(2))
$(B)/obj/tests_$(1).o: $(B)/gen/tests_$(1).c $(B)/obj/flags tests/test.h
	$$(call compile)
$(B)/tests/$(1): $(4) $(call objects,$(2) $(3) tests/test.c) $(B)/obj/tests_$(1).o $(LIB) $(B)/gen/tests_$(1).list
	$$(call link,$$(CHECK_LIBS) $$(LIBS))
endef
$(eval $(call suite,unit,$(UNIT_TESTS)))
$(eval $(call suite,integration,$(INTEGRATION_TESTS),$(STANDIN_CLIENT)))
$(eval $(call suite,e2e,$(E2E_TESTS),$(STANDIN_CLIENT) $(FIXTURE)))
$(eval $(call suite,remote,$(REMOTE_TESTS),$(STANDIN_CLIENT) $(FIXTURE),$(B)/obj/tools_remote.o))

# The remote acts of the tests are tools beside the product's: a table of their own goes before the library's.
$(eval $(call remember,$(B)/gen/tools_remote.list,$(wildcard tests/remote/tool_*.c)))
$(B)/gen/tools_remote.c: core/gen/table.awk $(B)/gen/tools_remote.list $(TOOLS) $(wildcard tests/remote/tool_*.c)
	$(call generate,$(AWK) -v noun=tool -v header=tools/tool.h -f core/gen/table.awk $(TOOLS) $(wildcard tests/remote/tool_*.c))
$(B)/obj/tools_remote.o: $(B)/gen/tools_remote.c $(B)/obj/flags
	$(call compile)

# Tests of different files may share a name: the file's name becomes part of the symbol.
$(B)/obj/tests/%.o: tests/%.c $(B)/obj/flags | $(GEN)/stmts.h
	$(call compile,-DTEST_FILE=$(notdir $*))

$(B)/tests/standin-telegram: $(call objects,$(STANDIN_TELEGRAM)) $(LIB)
	$(call link,$(LIBS))
$(B)/tests/standin-llm: $(call objects,$(STANDIN_LLM)) $(LIB)
	$(call link,$(LIBS))
$(B)/tests/standin-google: $(call objects,$(STANDIN_GOOGLE)) $(LIB)
	$(call link,$(LIBS))

.PHONY: bench
bench: all $(BENCHES:tests/bench/%.c=$(B)/bench/%)
$(B)/bench/%: $(B)/obj/tests/bench/%.o $(LIB)
	$(call link,$(LIBS))

$(B)/bench/insights: $(call objects,tests/bench/insights.c tests/people/people.c) $(LIB)
	$(call link,$(LIBS))

$(B)/score/guard: $(call objects,tests/score/guard.c tests/unit/guard_corpus.c) $(LIB)
	$(call link,$(LIBS))

# Measures against files of cases: build/score/dates FILE.
.PHONY: score
score: $(SCORES:tests/score/%.c=$(B)/score/%)
$(B)/score/%: $(B)/obj/tests/score/%.o $(LIB)
	$(call link,$(LIBS))

.PHONY: fuzz fuzz-targets
fuzz:
	@$(MAKE) --no-print-directory SAN=fuzzer CC=clang fuzz-targets
fuzz-targets: $(FUZZERS:tests/fuzz/fuzz_%.c=$(B)/%)
$(B)/%: $(B)/obj/tests/fuzz/fuzz_%.o $(LIB)
	$(call link,-fsanitize=fuzzer $(LIBS))

# --- checks -------------------------------------------------------------------------------------
.PHONY: layers circles unused clean where cflags
layers:
	@$(AWK) -f tests/lint/layers.awk $(call in_floors,*.[ch] *.def) $(wildcard ml/chart/draw/*.[ch]) </dev/null
circles: $(LIB) $(call objects,$(CHART_SOURCES))
	@$(NM) -A -P $(LIB_OBJECTS) $(call objects,$(CHART_SOURCES)) | $(AWK) -f tests/lint/circles.awk
ALL_OBJECTS = $(LIB_OBJECTS) $(call objects,bot/main.c $(CHART_SOURCES) $(wildcard $(addprefix tests/,*.c unit/*.c integration/*.c e2e/*.c \
	remote/*.c standins/*.c)))
unused: tests
	@$(NM) -A -P $(ALL_OBJECTS) | $(AWK) -f tests/lint/unused.awk $(BENCHES) $(SCORES) $(FUZZERS) $(wildcard tests/people/*.c) $(wildcard deploy/*.py) -
# The variant's directory, and the flags of one compilation, for scripts.
where:
	@echo $(B)
cflags:
	@echo '$(CPPFLAGS) $(CAIRO_CFLAGS) -std=gnu11 -Wall -Wextra -DTEST_FILE=file'
clean:
	rm -rf build

.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

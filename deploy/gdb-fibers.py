# Where every parked fiber waits, in a live process or a core (x86-64, built with frame pointers as the Makefile does):
#   gdb -p PID -x deploy/gdb-fibers.py -ex fibers -ex detach -ex quit
#   gdb build/lembra core -x deploy/gdb-fibers.py -ex fibers
import gdb

RBP, RIP = 10, 16  # places in gregs
DEPTH = 16


def word(address):
    return int(gdb.parse_and_eval("*(unsigned long *)%d" % address))


def function_at(pc):
    block = gdb.block_for_pc(pc - 1)
    while block and not block.function:
        block = block.superblock
    return block.function if block else None


def walk(fiber):
    registers = fiber["context"]["uc_mcontext"]["gregs"]
    pc, frame = int(registers[RIP]), int(registers[RBP])
    for _ in range(DEPTH):
        function = function_at(pc)
        if function and function.name == "fiber_body":
            return
        line = gdb.find_pc_line(pc - 1)
        print("    %s %s:%d" % (function or "?", line.symtab or "?", line.line))
        if not frame:
            return
        try:
            pc, frame = word(frame + 8), word(frame)
        except gdb.MemoryError:
            return


class Fibers(gdb.Command):
    """Backtraces of every fiber that is alive."""

    def __init__(self):
        super().__init__("fibers", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        fiber = gdb.parse_and_eval("fiber_every")
        while fiber:
            if fiber["alive"]:
                trace = fiber["trace"]
                print("fiber %s%s" % (fiber["name"].string(), " trace " + trace.string() if trace else ""))
                walk(fiber)
            fiber = fiber["every"]


Fibers()

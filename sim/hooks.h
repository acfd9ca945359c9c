// What the Verilator runtime calls instead of printing and ending the process: a test bench is a guest in ours.
#pragma once

// Takes the place of printf: what a design says goes into the result of its run.
extern "C" __attribute__((format(printf, 1, 2))) int ternlet_print(const char* format, ...);

#define VL_PRINTF ternlet_print
#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL

/* Plays NVIDIA's profiling library and CUDA's runtime for the tests: ranges are written down, and an event's time is the number of the call that
   recorded it, in tenths of a millisecond. It has one GPU, number 1. With -DSECOND_NAME times have the name alone that CUDA 12.8 brought. With -DFAILING an event cannot be recorded, which stays the last error until
   somebody asks for it. */
#include <stdlib.h>
#include <string.h>

static char ranges[4096];
static int last;
#ifndef FAILING
static int calls;
#endif

int nvtxRangePushA(const char *name) { strcat(ranges, name); strcat(ranges, "("); return 0; }
int nvtxRangePop(void) { strcat(ranges, ")"); return 0; }
const char *stand_in_ranges(void) { return ranges; }

int cudaSetDevice(int device) { return device == 1 ? 0 : 101; }
int cudaGetLastError(void) { int error = last; last = 0; return error; }
int cudaEventCreate(int **event) { *event = calloc(1, sizeof(int)); return 0; }
int cudaEventDestroy(int *event) { free(event); return 0; }
int cudaEventSynchronize(int *event) { return *event == 0; }
#ifdef SECOND_NAME
#define cudaEventElapsedTime cudaEventElapsedTime_v2
#endif
int cudaEventElapsedTime(float *ms, int *from, int *to) { *ms = 0.1f * (float)(*to - *from); return 0; }
int cudaEventRecord(int *event, void *stream)
{
#ifdef FAILING
    (void)event; (void)stream;
    return last = 700;
#else
    if (stream != NULL) return 1;
    *event = ++calls;
    return 0;
#endif
}

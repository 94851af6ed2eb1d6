/* test-damaged.c - what programs for MAPI are told of damaged files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

#include <sys/stat.h>

#define HEADER_BYTES 32
#define LONG_BYTES 20000
#define CUT_BYTES 5000

/* No type of MAPI, but files can say so */
#define MV_BOOLEAN PROP_TAG (MV_FLAG | PT_BOOLEAN, 0x6700)
#define MV_ERROR PROP_TAG (MV_FLAG | PT_ERROR, 0x6701)

static void
write_stream (LPSTORAGE storage, const char *name, const void *bytes, ULONG n_bytes)
{
  LPSTREAM stream = NULL;

  CHECK_HR (storage->lpVtbl->CreateStream (storage, wide (name),
                                           STGM_READWRITE | STGM_SHARE_EXCLUSIVE | STGM_CREATE, 0,
                                           0, &stream), S_OK);
  CHECK_HR (stream->lpVtbl->Write (stream, bytes, n_bytes, NULL), S_OK);
  UlRelease (stream);
}

/* Lists of a type that has none: unknown, however often they are asked for. */
static void
test_impossible_lists (void)
{
  static const unsigned char properties[HEADER_BYTES + 32] = {
    [HEADER_BYTES] = 0x0B, 0x10, 0x00, 0x67, 6, 0, 0, 0, 8,
    [HEADER_BYTES + 16] = 0x0A, 0x10, 0x01, 0x67, 6, 0, 0, 0, 8,
  };
  SizedSPropTagArray (2, tags) = { 2, { MV_BOOLEAN, MV_ERROR } };
  LPSTORAGE storage = NULL;
  LPMESSAGE message;
  LPSPropValue values = NULL;
  SPropValue value;
  LPSPropProblemArray problems = NULL;
  LONG number = 1;
  ULONG n = 0, i;

  CHECK_HR (StgCreateDocfile (path_of ("lists.msg"), TRANSACTED | STGM_CREATE, 0, &storage), S_OK);
  write_stream (storage, "__properties_version1.0", properties, sizeof properties);
  write_stream (storage, "__substg1.0_6700100B", "\1\0\1\0\1\0\1\0", 8);
  write_stream (storage, "__substg1.0_6701100A", "\1\0\1\0\1\0\1\0", 8);
  CHECK_HR (storage->lpVtbl->Commit (storage, 0), S_OK);
  message = open_message (NULL, storage, 0);
  CHECK_HR (message->lpVtbl->GetProps (message, (LPSPropTagArray) &tags, 0, &n, &values),
            MAPI_W_ERRORS_RETURNED);
  for (i = 0; i < n; i++)
    {
      CHECK (PROP_TYPE (values[i].ulPropTag) == PT_ERROR);
      CHECK_HR (values[i].Value.err, MAPI_E_INVALID_TYPE);
    }
  CHECK (n == 2);
  MAPIFreeBuffer (values);

  memset (&value, 0, sizeof value);
  for (i = 0; i < 2; i++)
    {
      value.ulPropTag = tags.aulPropTag[i];
      value.Value.MVl.cValues = 1;
      value.Value.MVl.lpl = &number;
      CHECK_HR (message->lpVtbl->SetProps (message, 1, &value, &problems), S_OK);
      CHECK (problems != NULL && problems->aProblem[0].scode == MAPI_E_INVALID_TYPE);
      MAPIFreeBuffer (problems);
      problems = NULL;
    }
  UlRelease (message);
  UlRelease (storage);
}

/* GetProps gives text up to a bound, since there are streams for more; a list has none. */
static void
test_long_list (void)
{
  enum { N_TEXTS = LONG_BYTES };
  static LPWSTR texts[N_TEXTS];
  LPSTORAGE storage = NULL;
  LPMESSAGE message = create_message (NULL, "long.msg", &storage);
  LPSPropValue got = NULL;
  SPropValue value;
  ULONG i;

  memset (&value, 0, sizeof value);
  value.ulPropTag = PROP_TAG (PT_MV_UNICODE, 0x6702);
  value.Value.MVszW.cValues = N_TEXTS;
  value.Value.MVszW.lppszW = texts;
  for (i = 0; i < N_TEXTS; i++)
    texts[i] = wide ("text");
  CHECK_HR (HrSetOneProp (PROP (message), &value), S_OK);
  CHECK_HR (HrGetOneProp (PROP (message), value.ulPropTag, &got), S_OK);
  CHECK (got != NULL && got->Value.MVszW.cValues == N_TEXTS);
  CHECK (got != NULL && same_wide (got->Value.MVszW.lppszW[N_TEXTS - 1], wide ("text")));
  MAPIFreeBuffer (got);
  UlRelease (message);
  UlRelease (storage);
}

/* A body at the end of a file that was cut: what there is of it is copied, the rest told of. */
static void
test_copy_of_a_part (void)
{
  LPSTORAGE storage = NULL, other_storage = NULL;
  LPMESSAGE message = create_message (NULL, "cut.msg", &storage), other;
  LPSPropProblemArray problems = NULL;
  char *text = calloc (1, LONG_BYTES + 1);
  struct stat status;
  int found = 0;
  ULONG i;

  if (text == NULL)
    abort ();
  memset (text, 'x', LONG_BYTES);
  set_text (PROP (message), PR_BODY_A, text);
  free (text);
  CHECK_HR (message->lpVtbl->SaveChanges (message, 0), S_OK);
  CHECK_HR (storage->lpVtbl->Commit (storage, 0), S_OK);
  UlRelease (message);
  UlRelease (storage);
  CHECK (stat (narrow_path ("cut.msg"), &status) == 0);
  CHECK (truncate (narrow_path ("cut.msg"), status.st_size - CUT_BYTES) == 0);

  message = reopen ("cut.msg", STGM_READ | STGM_TRANSACTED, &storage);
  other = create_message (NULL, "copy.msg", &other_storage);
  CHECK_HR (message->lpVtbl->CopyTo (message, 0, NULL, NULL, 0, NULL, &IID_IMessage, other, 0,
                                     &problems), S_OK);
  for (i = 0; problems != NULL && i < problems->cProblem; i++)
    if (PROP_ID (problems->aProblem[i].ulPropTag) == PROP_ID (PR_BODY))
      {
        CHECK (problems->aProblem[i].scode == MAPI_E_CORRUPT_DATA);
        found = 1;
      }
  CHECK (found);
  MAPIFreeBuffer (problems);
  CHECK_HR (other->lpVtbl->SaveChanges (other, 0), S_OK);
  UlRelease (message);
  UlRelease (other);
  UlRelease (storage);
  UlRelease (other_storage);
}

int
main (void)
{
  RUN (test_impossible_lists);
  RUN (test_long_list);
  RUN (test_copy_of_a_part);
  remove_files ();
  return finish_tests ();
}

// test-foreign-storage.cpp - messages on a storage of another make
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

// A storage of another make: it hands every call on, so nothing tells that ours is inside.
class Foreign : public IStorage
{
public:
  explicit Foreign (LPSTORAGE wrapped) : inner (wrapped) {}

  MAPI_IUNKNOWN_METHODS (IMPL)
  IMSG_MAPI_ISTORAGE_METHODS (IMPL)

  LPSTORAGE inner;
  ULONG references = 1;
  int n_commits = 0;
  HRESULT if_current = S_OK; // what a commit of only what is current answers
};

HRESULT
Foreign::QueryInterface (REFIID riid, LPVOID *object)
{
  *object = nullptr;
  if (riid != IID_IUnknown && riid != IID_IStorage)
    return E_NOINTERFACE;
  AddRef ();
  *object = this;
  return S_OK;
}

ULONG Foreign::AddRef () { return ++references; }
ULONG Foreign::Release () { return --references; }
HRESULT Foreign::CreateStream (const OLECHAR *name, DWORD mode, DWORD reserved1, DWORD reserved2,
                               IStream **out)
{ return inner->CreateStream (name, mode, reserved1, reserved2, out); }
HRESULT Foreign::OpenStream (const OLECHAR *name, void *reserved1, DWORD mode, DWORD reserved2,
                             IStream **out)
{ return inner->OpenStream (name, reserved1, mode, reserved2, out); }
HRESULT Foreign::CreateStorage (const OLECHAR *name, DWORD mode, DWORD reserved1, DWORD reserved2,
                                IStorage **out)
{ return inner->CreateStorage (name, mode, reserved1, reserved2, out); }
HRESULT Foreign::OpenStorage (const OLECHAR *name, IStorage *priority, DWORD mode, SNB excluded,
                              DWORD reserved, IStorage **out)
{ return inner->OpenStorage (name, priority, mode, excluded, reserved, out); }
HRESULT Foreign::CopyTo (DWORD n, const IID *iids, SNB names, IStorage *destination)
{ return inner->CopyTo (n, iids, names, destination); }
HRESULT Foreign::MoveElementTo (const OLECHAR *name, IStorage *destination,
                                const OLECHAR *new_name, DWORD flags)
{ return inner->MoveElementTo (name, destination, new_name, flags); }

HRESULT
Foreign::Commit (DWORD flags)
{
  if (FAILED (if_current) && (flags & STGC_ONLYIFCURRENT) != 0)
    return if_current;
  n_commits++;
  return inner->Commit (flags);
}

HRESULT Foreign::Revert () { return inner->Revert (); }
HRESULT Foreign::EnumElements (DWORD reserved1, void *reserved2, DWORD reserved3,
                               IEnumSTATSTG **out)
{ return inner->EnumElements (reserved1, reserved2, reserved3, out); }
HRESULT Foreign::DestroyElement (const OLECHAR *name) { return inner->DestroyElement (name); }
HRESULT Foreign::RenameElement (const OLECHAR *name, const OLECHAR *new_name)
{ return inner->RenameElement (name, new_name); }
HRESULT Foreign::SetElementTimes (const OLECHAR *name, const FILETIME *created,
                                  const FILETIME *accessed, const FILETIME *modified)
{ return inner->SetElementTimes (name, created, accessed, modified); }
HRESULT Foreign::SetClass (REFCLSID clsid) { return inner->SetClass (clsid); }
HRESULT Foreign::SetStateBits (DWORD bits, DWORD mask) { return inner->SetStateBits (bits, mask); }
HRESULT Foreign::Stat (STATSTG *stat, DWORD flags) { return inner->Stat (stat, flags); }

// --- helpers ---

static const DWORD transacted = STGM_READWRITE | STGM_TRANSACTED;
static const DWORD member = STGM_READWRITE | STGM_SHARE_EXCLUSIVE;

static LPMESSAGE
open_on (LPSTORAGE storage, ULONG flags)
{
  LPMESSAGE message = nullptr;

  CHECK_HR (OpenIMsgOnIStg (nullptr, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), nullptr, storage, nullptr, 0,
                            flags | MAPI_UNICODE, &message), S_OK);
  return message;
}

static void
set_subject (LPMESSAGE message, const char *text)
{
  SPropValue value = {};

  value.ulPropTag = PR_SUBJECT_A;
  value.Value.lpszA = const_cast<LPSTR> (text);
  CHECK_HR (HrSetOneProp (message, &value), S_OK);
}

static std::string
get_subject (LPMESSAGE message)
{
  LPSPropValue value = nullptr;
  std::string text = "(none)";

  if (SUCCEEDED (HrGetOneProp (message, PR_SUBJECT_A, &value)))
    text = value->Value.lpszA;
  MAPIFreeBuffer (value);
  return text;
}

static void
put_stream (LPSTORAGE storage, const OLECHAR *name, const std::string &text)
{
  LPSTREAM stream = nullptr;

  CHECK_HR (storage->CreateStream (name, member | STGM_CREATE, 0, 0, &stream), S_OK);
  CHECK_HR (stream->Write (text.data (), static_cast<ULONG> (text.size ()), nullptr), S_OK);
  CHECK (stream->Release () == 0);
}

static std::string
read_stream (LPSTORAGE storage, const OLECHAR *name)
{
  LPSTREAM stream = nullptr;
  char bytes[20];
  ULONG n = 0;

  if (FAILED (storage->OpenStream (name, nullptr, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream)))
    return "(none)";
  CHECK_HR (stream->Read (bytes, sizeof bytes, &n), S_OK);
  stream->Release ();
  return std::string (bytes, n);
}

// --- the tests ---

// SaveChanges does everything but the commit, which the caller makes after adding his own data.
static void
test_commit_by_caller ()
{
  LPSTORAGE storage = nullptr;
  LPMESSAGE message;

  CHECK_HR (StgCreateDocfile (path_of ("by-caller.msg"), transacted | STGM_CREATE, 0, &storage),
            S_OK);
  {
    Foreign foreign (storage);

    message = open_on (&foreign, IMSG_NO_ISTG_COMMIT);
    set_subject (message, "saved");
    CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
    CHECK (foreign.n_commits == 0);
    put_stream (&foreign, u"own", "data");
    CHECK_HR (foreign.Commit (STGC_DEFAULT), S_OK);
    message->Release ();
    CHECK (foreign.references == 1);
  }
  CHECK (storage->Release () == 0);
  CHECK_HR (StgOpenStorage (path_of ("by-caller.msg"), nullptr, STGM_TRANSACTED, nullptr, 0,
                            &storage), S_OK);
  message = open_on (storage, 0);
  CHECK (get_subject (message) == "saved");
  CHECK (read_stream (storage, u"own") == "data");
  message->Release ();
  storage->Release ();
}

// Elements, class and state of the storage stay what the caller makes of them.
static void
test_what_is_the_callers ()
{
  LPSTORAGE storage = nullptr;
  STATSTG stat;

  CHECK_HR (StgCreateDocfile (path_of ("callers.msg"), transacted | STGM_CREATE, 0, &storage),
            S_OK);
  Foreign foreign (storage);
  put_stream (&foreign, u"changed", "first");
  put_stream (&foreign, u"destroyed", "first");
  LPMESSAGE message = open_on (&foreign, 0);
  set_subject (message, "saved");
  put_stream (&foreign, u"changed", "second");
  CHECK_HR (foreign.DestroyElement (u"destroyed"), S_OK);
  CHECK_HR (WriteClassStg (&foreign, IID_IStream), S_OK);
  CHECK_HR (foreign.SetStateBits (5, 0xFFFFFFFF), S_OK);
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (read_stream (&foreign, u"changed") == "second");
  CHECK (read_stream (&foreign, u"destroyed") == "(none)");
  CHECK_HR (foreign.Stat (&stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.clsid == IID_IStream && stat.grfStateBits == 5);
  message->Release ();
  message = open_on (&foreign, 0);
  CHECK (get_subject (message) == "saved");
  message->Release ();
  storage->Release ();
}

// A storage that was committed by someone else since is overwritten only by force.
static void
test_changed_meanwhile ()
{
  LPSTORAGE storage = nullptr;

  CHECK_HR (StgCreateDocfile (path_of ("meanwhile.msg"), transacted | STGM_CREATE, 0, &storage),
            S_OK);
  Foreign foreign (storage);
  LPMESSAGE message = open_on (&foreign, 0);
  set_subject (message, "saved");
  foreign.if_current = STG_E_NOTCURRENT;
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), MAPI_E_OBJECT_CHANGED);
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE | FORCE_SAVE), S_OK);
  CHECK (foreign.n_commits == 1);
  // One that cannot tell is committed as it is.
  foreign.if_current = STG_E_INVALIDFLAG;
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (foreign.n_commits == 2);
  message->Release ();
  storage->Release ();
}

int
main ()
{
  RUN (test_commit_by_caller);
  RUN (test_what_is_the_callers);
  RUN (test_changed_meanwhile);
  remove_files ();
  return finish_tests ();
}

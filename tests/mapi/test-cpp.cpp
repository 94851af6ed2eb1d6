// test-cpp.cpp - the interface classes: calling ours, implementing others
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>

#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

static_assert (LOCK_WRITE == 1, "whatever the system has by this name");

class Sink : public IMAPIAdviseSink
{
public:
  MAPI_IUNKNOWN_METHODS (IMPL)
  MAPI_IMAPIADVISESINK_METHODS (IMPL)

  ULONG references = 1;
  std::vector<ULONG> events;
};

HRESULT
Sink::QueryInterface (REFIID riid, LPVOID *object)
{
  *object = nullptr;
  if (riid != IID_IUnknown && riid != IID_IMAPIAdviseSink)
    return E_NOINTERFACE;
  AddRef ();
  *object = this;
  return S_OK;
}

ULONG
Sink::AddRef ()
{
  return ++references;
}

ULONG
Sink::Release ()
{
  return --references;
}

ULONG
Sink::OnNotify (ULONG n, LPNOTIFICATION notifications)
{
  for (ULONG i = 0; i < n; i++)
    {
      CHECK (notifications[i].ulEventType == fnevTableModified);
      events.push_back (notifications[i].info.tab.ulTableEvent);
    }
  return 0;
}

static LPMESSAGE
create_message (LPMSGSESS session, const char *name, LPSTORAGE *storage)
{
  LPMESSAGE message = nullptr;

  CHECK_HR (StgCreateDocfile (path_of (name), STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE, 0,
                              storage), S_OK);
  CHECK_HR (OpenIMsgOnIStg (session, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), nullptr, *storage, nullptr, 0, MAPI_UNICODE,
                            &message), S_OK);
  return message;
}

static void
test_classes ()
{
  LPSTORAGE storage = nullptr;
  LPMSGSESS session = nullptr;
  LPVOID object = nullptr;
  SPropValue value = {};
  LPSPropValue read = nullptr;
  WCHAR text[] = u"Ça va ☺";

  CHECK_HR (OpenIMsgSession (MAPIGetDefaultMalloc (), MAPI_UNICODE, &session), S_OK);
  LPMESSAGE message = create_message (session, "classes.msg", &storage);
  CHECK_HR (message->QueryInterface (IID_IMAPIProp, &object), S_OK);
  LPMAPIPROP prop = static_cast<LPMAPIPROP> (object);
  value.ulPropTag = PR_SUBJECT_W;
  value.Value.lpszW = text;
  CHECK_HR (HrSetOneProp (prop, &value), S_OK);
  CHECK_HR (HrGetOneProp (message, PR_SUBJECT_W, &read), S_OK);
  CHECK (std::u16string (read->Value.lpszW) == text);
  MAPIFreeBuffer (read);
  prop->Release ();
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (message->Release () == 0);
  CHECK (storage->Release () == 0);
  CloseIMsgSession (session);
}

static void
test_sink ()
{
  LPSTORAGE storage = nullptr;
  LPMESSAGE message = create_message (nullptr, "sink.msg", &storage);
  LPMAPITABLE table = nullptr;
  ULONG_PTR connection = 0;
  SPropValue values[2] = {};
  SizedADRLIST (1, list) = { 1, { { 0, 2, values } } };
  Sink sink;

  values[0].ulPropTag = PR_DISPLAY_NAME_A;
  values[0].Value.lpszA = const_cast<LPSTR> ("Anna");
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = MAPI_TO;
  CHECK_HR (message->GetRecipientTable (0, &table), S_OK);
  CHECK_HR (table->Advise (fnevTableModified, &sink, &connection), S_OK);
  CHECK (sink.references == 2);
  CHECK_HR (message->ModifyRecipients (MODRECIP_ADD, reinterpret_cast<LPADRLIST> (&list)), S_OK);
  CHECK (!sink.events.empty () && sink.events[0] == TABLE_ROW_ADDED);
  // A forgotten Unadvise must not keep anything alive.
  table->Release ();
  CHECK (sink.references == 1);
  CHECK (message->Release () == 0);
  CHECK (storage->Release () == 0);
}

// A property object of another make, kept as values in a map: a destination of CopyTo.
class Bag : public IMAPIProp
{
public:
  MAPI_IUNKNOWN_METHODS (IMPL)
  MAPI_IMAPIPROP_METHODS (IMPL)

  std::map<ULONG, LPSPropValue> values;
  ULONG next_name = 0x8000;

  ~Bag ()
  {
    for (auto &item : values)
      MAPIFreeBuffer (item.second);
  }
};

HRESULT
Bag::QueryInterface (REFIID riid, LPVOID *object)
{
  *object = nullptr;
  if (riid != IID_IUnknown && riid != IID_IMAPIProp)
    return E_NOINTERFACE;
  *object = this;
  return S_OK;
}

ULONG Bag::AddRef () { return 1; }
ULONG Bag::Release () { return 1; }
HRESULT Bag::GetLastError (HRESULT, ULONG, LPMAPIERROR *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::SaveChanges (ULONG) { return S_OK; }
HRESULT Bag::GetProps (LPSPropTagArray, ULONG, ULONG *, LPSPropValue *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::GetPropList (ULONG, LPSPropTagArray *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::OpenProperty (ULONG, LPCIID, ULONG, ULONG, LPUNKNOWN *) { return MAPI_E_NO_SUPPORT; }

HRESULT
Bag::SetProps (ULONG n, LPSPropValue props, LPSPropProblemArray *problems)
{
  if (problems != nullptr)
    *problems = nullptr;
  for (ULONG i = 0; i < n; i++)
    {
      LPSPropValue copy = nullptr;
      if (SUCCEEDED (ScDupPropset (1, &props[i], MAPIAllocateBuffer, &copy)))
        {
          MAPIFreeBuffer (values[PROP_ID (copy->ulPropTag)]);
          values[PROP_ID (copy->ulPropTag)] = copy;
        }
    }
  return S_OK;
}

HRESULT Bag::DeleteProps (LPSPropTagArray, LPSPropProblemArray *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::CopyTo (ULONG, LPCIID, LPSPropTagArray, ULONG_PTR, LPMAPIPROGRESS, LPCIID, LPVOID,
                     ULONG, LPSPropProblemArray *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::CopyProps (LPSPropTagArray, ULONG_PTR, LPMAPIPROGRESS, LPCIID, LPVOID, ULONG,
                        LPSPropProblemArray *) { return MAPI_E_NO_SUPPORT; }
HRESULT Bag::GetNamesFromIDs (LPSPropTagArray *, LPGUID, ULONG, ULONG *, LPMAPINAMEID **)
{ return MAPI_E_NO_SUPPORT; }

HRESULT
Bag::GetIDsFromNames (ULONG n, LPMAPINAMEID *, ULONG, LPSPropTagArray *tags)
{
  MAPIAllocateBuffer (CbNewSPropTagArray (n), reinterpret_cast<LPVOID *> (tags));
  (*tags)->cValues = n;
  for (ULONG i = 0; i < n; i++)
    (*tags)->aulPropTag[i] = PROP_TAG (PT_UNSPECIFIED, next_name++);
  return S_OK;
}

static void
test_foreign_destination ()
{
  LPSTORAGE storage = nullptr;
  LPMESSAGE message = create_message (nullptr, "foreign.msg", &storage);
  SPropValue value = {};
  LPSPropProblemArray problems = nullptr;
  Bag bag;

  value.ulPropTag = PR_SUBJECT_A;
  value.Value.lpszA = const_cast<LPSTR> ("carried");
  CHECK_HR (HrSetOneProp (message, &value), S_OK);
  value.ulPropTag = PR_IMPORTANCE;
  value.Value.l = 2;
  CHECK_HR (HrSetOneProp (message, &value), S_OK);
  CHECK_HR (message->CopyTo (0, nullptr, nullptr, 0, nullptr, &IID_IMessage, &bag, 0, nullptr),
            MAPI_E_INTERFACE_NOT_SUPPORTED);
  CHECK_HR (message->CopyTo (0, nullptr, nullptr, 0, nullptr, &IID_IMAPIProp, &bag, 0, &problems),
            S_OK);
  MAPIFreeBuffer (problems);
  CHECK (bag.values.count (0x0037) == 1 && bag.values.count (0x0017) == 1);
  CHECK (bag.values[0x0037] != nullptr &&
         std::u16string (bag.values[0x0037]->Value.lpszW) == u"carried");
  message->Release ();
  storage->Release ();
}

static void
test_storage_classes ()
{
  LPSTORAGE storage = nullptr, child = nullptr;
  LPSTREAM stream = nullptr;
  IEnumSTATSTG *elements = nullptr;
  STATSTG stat;
  int n = 0;

  CHECK_HR (StgCreateDocfile (nullptr, STGM_READWRITE | STGM_TRANSACTED | STGM_DELETEONRELEASE, 0,
                              &storage), S_OK);
  CHECK_HR (storage->CreateStorage (u"child", STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &child),
            S_OK);
  CHECK_HR (child->CreateStream (u"stream", STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  CHECK_HR (stream->Write ("x", 1, nullptr), S_OK);
  stream->Release ();
  CHECK_HR (child->EnumElements (0, nullptr, 0, &elements), S_OK);
  while (elements->Next (1, &stat, nullptr) == S_OK)
    {
      CHECK (std::u16string (stat.pwcsName) == u"stream" && stat.cbSize.QuadPart == 1);
      CoTaskMemFree (stat.pwcsName);
      n++;
    }
  CHECK (n == 1);
  elements->Release ();
  child->Release ();
  CHECK (storage->Release () == 0);
}

// A storage of another make: it hands every call on, so nothing tells that ours is inside.
class Proxy : public IStorage
{
public:
  explicit Proxy (IStorage *wrapped) : inner (wrapped) {}

  MAPI_IUNKNOWN_METHODS (IMPL)
  IMSG_MAPI_ISTORAGE_METHODS (IMPL)

  IStorage *inner;
  ULONG references = 1;
  int n_commits = 0;
};

HRESULT
Proxy::QueryInterface (REFIID riid, LPVOID *object)
{
  *object = nullptr;
  if (riid != IID_IUnknown && riid != IID_IStorage)
    return E_NOINTERFACE;
  AddRef ();
  *object = this;
  return S_OK;
}

ULONG Proxy::AddRef () { return ++references; }
ULONG Proxy::Release () { return --references; }

HRESULT Proxy::CreateStream (const OLECHAR *name, DWORD mode, DWORD r1, DWORD r2, IStream **out)
{ return inner->CreateStream (name, mode, r1, r2, out); }
HRESULT Proxy::OpenStream (const OLECHAR *name, void *r1, DWORD mode, DWORD r2, IStream **out)
{ return inner->OpenStream (name, r1, mode, r2, out); }
HRESULT Proxy::CreateStorage (const OLECHAR *name, DWORD mode, DWORD r1, DWORD r2, IStorage **out)
{ return inner->CreateStorage (name, mode, r1, r2, out); }
HRESULT Proxy::OpenStorage (const OLECHAR *name, IStorage *priority, DWORD mode, SNB exclude,
                            DWORD reserved, IStorage **out)
{ return inner->OpenStorage (name, priority, mode, exclude, reserved, out); }
HRESULT Proxy::CopyTo (DWORD n, const IID *iids, SNB names, IStorage *destination)
{ return inner->CopyTo (n, iids, names, destination); }
HRESULT Proxy::MoveElementTo (const OLECHAR *name, IStorage *destination, const OLECHAR *new_name,
                              DWORD flags)
{ return inner->MoveElementTo (name, destination, new_name, flags); }
HRESULT Proxy::Commit (DWORD flags) { n_commits++; return inner->Commit (flags); }
HRESULT Proxy::Revert () { return inner->Revert (); }
HRESULT Proxy::EnumElements (DWORD r1, void *r2, DWORD r3, IEnumSTATSTG **out)
{ return inner->EnumElements (r1, r2, r3, out); }
HRESULT Proxy::DestroyElement (const OLECHAR *name) { return inner->DestroyElement (name); }
HRESULT Proxy::RenameElement (const OLECHAR *name, const OLECHAR *new_name)
{ return inner->RenameElement (name, new_name); }
HRESULT Proxy::SetElementTimes (const OLECHAR *name, const FILETIME *c, const FILETIME *a,
                                const FILETIME *m)
{ return inner->SetElementTimes (name, c, a, m); }
HRESULT Proxy::SetClass (REFCLSID clsid) { return inner->SetClass (clsid); }
HRESULT Proxy::SetStateBits (DWORD bits, DWORD mask) { return inner->SetStateBits (bits, mask); }
HRESULT Proxy::Stat (STATSTG *stat, DWORD flags) { return inner->Stat (stat, flags); }

static void
test_foreign_storage ()
{
  LPSTORAGE storage = nullptr;
  LPSTREAM stream = nullptr;
  LPMESSAGE message = nullptr;
  LPATTACH attach = nullptr;
  LPSPropValue read = nullptr;
  SPropValue value = {};
  ULONG number = 0;

  CHECK_HR (StgCreateDocfile (path_of ("proxy.msg"), STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE,
                              0, &storage), S_OK);
  Proxy proxy (storage);
  CHECK_HR (storage->CreateStream (u"own", STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  stream->Write ("kept", 4, nullptr);
  stream->Release ();
  CHECK_HR (OpenIMsgOnIStg (nullptr, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), nullptr, &proxy, nullptr, 0, MAPI_UNICODE,
                            &message), S_OK);
  CHECK (proxy.references == 2);
  value.ulPropTag = PR_SUBJECT_A;
  value.Value.lpszA = const_cast<LPSTR> ("through a proxy");
  CHECK_HR (HrSetOneProp (message, &value), S_OK);
  CHECK_HR (message->CreateAttach (nullptr, 0, &number, &attach), S_OK);
  CHECK_HR (attach->SaveChanges (0), S_OK);
  attach->Release ();
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (proxy.n_commits == 1);
  CHECK_HR (message->DeleteAttach (number, 0, nullptr, 0), S_OK);
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (message->Release () == 0);
  CHECK (proxy.references == 1);
  CHECK (storage->Release () == 0);

  CHECK_HR (StgOpenStorage (path_of ("proxy.msg"), nullptr, STGM_TRANSACTED, nullptr, 0, &storage),
            S_OK);
  CHECK_HR (storage->OpenStream (u"own", nullptr, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream),
            S_OK);
  stream->Release ();
  LPSTORAGE gone = nullptr;
  CHECK_HR (storage->OpenStorage (u"__attach_version1.0_#00000000", nullptr,
                                  STGM_READ | STGM_SHARE_EXCLUSIVE, nullptr, 0, &gone),
            STG_E_FILENOTFOUND);
  CHECK_HR (OpenIMsgOnIStg (nullptr, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), nullptr, storage, nullptr, 0, 0, &message),
            S_OK);
  CHECK_HR (HrGetOneProp (message, PR_SUBJECT_W, &read), S_OK);
  CHECK (read != nullptr && std::u16string (read->Value.lpszW) == u"through a proxy");
  MAPIFreeBuffer (read);
  message->Release ();
  storage->Release ();
}

int
main ()
{
  RUN (test_classes);
  RUN (test_sink);
  RUN (test_foreign_destination);
  RUN (test_storage_classes);
  RUN (test_foreign_storage);
  remove_files ();
  return finish_tests ();
}

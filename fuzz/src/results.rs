//! What comes out of a call: read to its end, and freed.

use std::ffi::c_char;
use std::slice;

use crate::c;
use crate::places::{Outcome, owned};

impl Outcome<c_char> {
    /// The text that came out, freed.
    pub(crate) fn text(self) -> Option<String> {
        // SAFETY: NULL or a string that the call made, freed once.
        unsafe {
            let text = owned(self.out);
            c::xq_string_free(self.out);
            text
        }
    }
}

impl Outcome<c::List> {
    /// The texts that came out, freed.
    pub(crate) fn texts(self) -> Option<Vec<Option<String>>> {
        // SAFETY: NULL or a list that the call made, freed once.
        unsafe {
            let list = self.out.as_ref()?;
            let texts = (0..list.count).map(|index| owned(*list.items.add(index))).collect();
            owned(list.reply).expect("a list has its reply");
            c::xq_list_free(self.out);
            Some(texts)
        }
    }
}

impl Outcome<c::Bytes> {
    /// The bytes that came out, freed.
    pub(crate) fn bytes(self) -> Option<Vec<u8>> {
        // SAFETY: NULL or bytes that the call made, freed once.
        unsafe {
            let bytes = self.out.as_ref()?;
            let copy = slice::from_raw_parts(bytes.data, bytes.length).to_vec();
            c::xq_bytes_free(self.out);
            Some(copy)
        }
    }
}

impl Outcome<c::Subscriber> {
    /// Reads and frees the subscriber.
    pub(crate) fn subscriber(self) {
        // SAFETY: NULL or a subscriber that the call made, freed once.
        unsafe {
            let Some(subscriber) = self.out.as_ref() else { return };
            read(&[subscriber.user, subscriber.first_name, subscriber.last_name]);
            read(&[subscriber.subscription]);
            owned(subscriber.reply).expect("a subscriber has the reply");
            c::xq_subscriber_free(self.out);
        }
    }
}

impl Outcome<c::Usergroups> {
    /// Reads and frees the groups, and says how many there are.
    pub(crate) fn usergroups(self) -> Option<usize> {
        // SAFETY: NULL or groups that the call made, freed once; what they point to lives as long.
        unsafe {
            let count = rows(self.out.as_ref()?, |group| {
                read(&[group.name]);
                list(group.members, group.member_count);
            });
            c::xq_usergroups_free(self.out);
            Some(count)
        }
    }
}

impl Outcome<c::Contacts> {
    /// Reads and frees the contacts.
    pub(crate) fn contacts(self) -> Option<usize> {
        // SAFETY: as above.
        unsafe {
            let count = rows(self.out.as_ref()?, |contact| {
                read(&[contact.first_name, contact.last_name, contact.title]);
                read(&[contact.email, contact.status]);
            });
            c::xq_contacts_free(self.out);
            Some(count)
        }
    }
}

impl Outcome<c::Businesses> {
    /// Reads and frees the businesses, and says how many there are.
    pub(crate) fn businesses(self) -> Option<usize> {
        // SAFETY: as above.
        unsafe {
            let count = rows(self.out.as_ref()?, |business| read(&[business.name]));
            c::xq_businesses_free(self.out);
            Some(count)
        }
    }
}

impl Outcome<c::Communication> {
    /// Reads and frees the communication.
    pub(crate) fn communication(self) {
        // SAFETY: as above.
        unsafe {
            let Some(communication) = self.out.as_ref() else {
                return;
            };
            read(&[communication.locator_token]);
            list(communication.labels, communication.label_count);
            owned(communication.reply).expect("a communication has the reply");
            c::xq_communication_free(self.out);
        }
    }
}

impl Outcome<c::DeviceCertificate> {
    /// Reads and frees the certificate, which is whole.
    pub(crate) fn certificate(self) {
        // SAFETY: as above.
        unsafe {
            let Some(certificate) = self.out.as_ref() else { return };
            assert!(certificate.id >= 1);
            let parts = [
                certificate.certificate,
                certificate.transport_key,
                certificate.private_key,
            ];
            assert!(parts.map(|text| owned(text)).iter().all(Option::is_some));
            c::xq_device_certificate_free(self.out);
        }
    }
}

/// Reads texts, each of which may be NULL.
///
/// # Safety
///
/// Each is NULL or a C string.
unsafe fn read(texts: &[*const c_char]) {
    for text in texts {
        // SAFETY: as this function asks of its caller.
        unsafe { owned(*text) };
    }
}

/// Reads all rows, and says how many there are.
///
/// # Safety
///
/// The rows and what they point to are alive, and `read` relies on no more.
unsafe fn rows<T>(rows: &c::Rows<T>, read: impl Fn(&T)) -> usize {
    // SAFETY: as this function asks of its caller; the rows have an address even where there are none.
    unsafe {
        owned(rows.reply).expect("rows have the reply");
        slice::from_raw_parts(rows.rows, rows.count).iter().for_each(read);
    }
    rows.count
}

/// Reads a list of texts; NULL is none.
///
/// # Safety
///
/// `items` is NULL, or there are `count` of them.
unsafe fn list(items: *const *const c_char, count: usize) {
    assert!(!items.is_null() || count == 0);
    for index in 0..count {
        // SAFETY: it is one of those that there are.
        unsafe { owned(*items.add(index)) }.expect("none in a list is NULL");
    }
}

//! What XQ's validation service offers: stored keys, and who may have them. Files are named as in the published API
//! reference.

mod packet;

package xq

// #include "xq.h"
import "C"

import "unsafe"

// Usergroup is a recipient "ID@group.local" of keys. What the service does not tell is -1, or "".
type Usergroup struct {
	// ID is the group's number, from which its address as a recipient is made.
	ID int64
	// Name is the group's name.
	Name string
	// BusinessID is the business that the group belongs to.
	BusinessID int64
	// Members are addresses, and the JSON of a member that the service describes in another way; nil in a list of all
	// groups.
	Members []string
	// Reply is that to a call for this one alone, JSON; "" in a list, which has it itself.
	Reply string
}

// takenGroups are the groups that a call gave out, for Go.
func (api *API) takenGroups(
	in *inputs, call func(*C.xq_api_t, **C.xq_usergroups_t, **C.xq_error_t) C.xq_status_t,
) (Rows[Usergroup], error) {
	var out *C.xq_usergroups_t
	err := api.call(in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t { return call(handle, &out, e) })
	if err != nil {
		return Rows[Usergroup]{}, err
	}
	defer C.xq_usergroups_free(out)
	groups := make([]Usergroup, int(out.count))
	for i, row := range unsafe.Slice(out.rows, len(groups)) {
		groups[i] = Usergroup{
			ID: int64(row.id), Name: C.GoString(row.name), BusinessID: int64(row.business_id),
			Members: copiedTexts(row.members, row.member_count),
		}
	}
	return Rows[Usergroup]{groups, C.GoString(out.reply)}, nil
}

// copiedTexts is a list that C has, for Go; nil for NULL.
func copiedTexts(items **C.char, count C.size_t) []string {
	if items == nil {
		return nil
	}
	texts := make([]string, int(count))
	for i, item := range unsafe.Slice(items, len(texts)) {
		texts[i] = C.GoString(item)
	}
	return texts
}

// CreateUsergroup makes a group. It uses the network.
func (api *API) CreateUsergroup(name string, members []string) (Usergroup, error) {
	var in inputs
	defer in.free()
	n := in.text("name", name)
	people, count := in.texts("members", members)
	groups, err := api.takenGroups(&in, func(h *C.xq_api_t, out **C.xq_usergroups_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_create_usergroup(h, n, people, count, out, e)
	})
	if err != nil {
		return Usergroup{}, err
	}
	groups.Rows[0].Reply = groups.Reply
	return groups.Rows[0], nil
}

// GetUsergroups gives all groups, without their members. It uses the network.
func (api *API) GetUsergroups() (Rows[Usergroup], error) {
	var in inputs
	return api.takenGroups(&in, func(h *C.xq_api_t, out **C.xq_usergroups_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_usergroup(h, 0, nil, out, e)
	})
}

// GetUsergroup gives the group with an id, 1 or more. It uses the network.
func (api *API) GetUsergroup(id int64) (Usergroup, error) {
	if id == 0 {
		return Usergroup{}, failed(ErrInvalidArgument, "the group's id is 0; expected 1 or more")
	}
	return api.oneGroup(&inputs{}, id, nil)
}

// GetUsergroupNamed gives the one group with a name. ErrRejected: there is none, or two have it. It uses the network,
// twice.
func (api *API) GetUsergroupNamed(name string) (Usergroup, error) {
	var in inputs
	defer in.free()
	return api.oneGroup(&in, 0, in.text("name", name))
}

func (api *API) oneGroup(in *inputs, id int64, name *C.char) (Usergroup, error) {
	groups, err := api.takenGroups(in, func(h *C.xq_api_t, out **C.xq_usergroups_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_get_usergroup(h, C.int64_t(id), name, out, e)
	})
	if err != nil {
		return Usergroup{}, err
	}
	groups.Rows[0].Reply = groups.Reply
	return groups.Rows[0], nil
}

// UpdateUsergroup changes a group: "" leaves its name, and nil its members. It uses the network.
func (api *API) UpdateUsergroup(id int64, name string, members []string) error {
	var in inputs
	defer in.free()
	n := in.optional("name", name)
	people, count := in.texts("members", members)
	if members != nil && count == 0 {
		// An empty list is not no list.
		people = (**C.char)(in.block(int(unsafe.Sizeof((*C.char)(nil)))))
	}
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_update_usergroup(handle, C.int64_t(id), n, people, count, e)
	})
}

// AddUsergroupMembers adds members to a group. Two programs that do so at once can undo each other. It uses the network.
func (api *API) AddUsergroupMembers(id int64, members []string) error {
	var in inputs
	defer in.free()
	people, count := in.texts("members", members)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_add_usergroup_members(handle, C.int64_t(id), people, count, e)
	})
}

// RemoveUsergroupMembers takes members out of a group, with the same warning. It uses the network.
func (api *API) RemoveUsergroupMembers(id int64, members []string) error {
	var in inputs
	defer in.free()
	people, count := in.texts("members", members)
	return api.call(&in, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_remove_usergroup_members(handle, C.int64_t(id), people, count, e)
	})
}

// DeleteUsergroup deletes a group. It uses the network.
func (api *API) DeleteUsergroup(id int64) error {
	return api.call(&inputs{}, func(handle *C.xq_api_t, e **C.xq_error_t) C.xq_status_t {
		return C.xq_delete_usergroup(handle, C.int64_t(id), e)
	})
}

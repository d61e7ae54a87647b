// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {INameWrapper} from "./Interfaces.sol";
import {Module} from "./Module.sol";

/// @title Says who may work and who may judge: allow-list, Merkle proof or wrapped ENS name
contract IdentityRegistry is Module {
    mapping(address => bool) public additionalAgents;
    mapping(address => bool) public additionalValidators;
    bytes32 public agentRootNode;
    bytes32 public clubRootNode;
    bytes32 public agentMerkleRoot;
    bytes32 public validatorMerkleRoot;
    address public ens;
    INameWrapper public nameWrapper;

    event AdditionalAgentUpdated(address indexed agent, bool allowed);
    event AdditionalValidatorUpdated(address indexed validator, bool allowed);
    event AgentRootNodeUpdated(bytes32 node);
    event ClubRootNodeUpdated(bytes32 node);
    event AgentMerkleRootUpdated(bytes32 root);
    event ValidatorMerkleRootUpdated(bytes32 root);
    event ENSUpdated(address indexed ens);
    event NameWrapperUpdated(address indexed nameWrapper);

    constructor(address governance, address forwarder) Module(governance, forwarder) {}

    /// @notice Whether an account may apply for jobs under a label; never reverts.
    /// @param claimant The account.
    /// @param subdomain The label alone ("alice"), not the full name.
    /// @param proof Merkle proof of keccak(abi.encode(account, keccak(label))), or empty.
    /// @return ok Authorised. node The ENS node of the label. viaWrapper, viaMerkle: which way it was proven;
    /// both false means the allow-list.
    function verifyAgent(address claimant, string calldata subdomain, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes32 node, bool viaWrapper, bool viaMerkle)
    {
        node = _node(agentRootNode, subdomain);
        if (additionalAgents[claimant]) return (true, node, false, false);
        (viaWrapper, viaMerkle) = _proven(claimant, subdomain, proof, agentMerkleRoot, node);
        ok = viaWrapper || viaMerkle;
    }

    /// @notice Whether an account may validate under a label; shape as verifyAgent; never reverts.
    function verifyValidator(address claimant, string calldata subdomain, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes32 node, bool viaWrapper, bool viaMerkle)
    {
        node = _node(clubRootNode, subdomain);
        if (additionalValidators[claimant]) return (true, node, false, false);
        (viaWrapper, viaMerkle) = _proven(claimant, subdomain, proof, validatorMerkleRoot, node);
        ok = viaWrapper || viaMerkle;
    }

    /// @notice Puts an account on the agents' allow-list. Errors: NotGovernance.
    function addAdditionalAgent(address agent) external onlyOwner {
        additionalAgents[agent] = true;
        emit AdditionalAgentUpdated(agent, true);
    }

    /// @notice Takes an account off the agents' allow-list. Errors: NotGovernance.
    function removeAdditionalAgent(address agent) external onlyOwner {
        additionalAgents[agent] = false;
        emit AdditionalAgentUpdated(agent, false);
    }

    /// @notice Puts an account on the validators' allow-list. Errors: NotGovernance.
    function addAdditionalValidator(address validator) external onlyOwner {
        additionalValidators[validator] = true;
        emit AdditionalValidatorUpdated(validator, true);
    }

    /// @notice Takes an account off the validators' allow-list. Errors: NotGovernance.
    function removeAdditionalValidator(address validator) external onlyOwner {
        additionalValidators[validator] = false;
        emit AdditionalValidatorUpdated(validator, false);
    }

    /// @notice Sets the ENS node under which agents' labels live. Errors: NotGovernance.
    function setAgentRootNode(bytes32 node) external onlyOwner {
        agentRootNode = node;
        emit AgentRootNodeUpdated(node);
    }

    /// @notice Sets the ENS node under which validators' labels live. Errors: NotGovernance.
    function setClubRootNode(bytes32 node) external onlyOwner {
        clubRootNode = node;
        emit ClubRootNodeUpdated(node);
    }

    /// @notice Sets the root of the agents' Merkle list; zero closes it. Errors: NotGovernance.
    function setAgentMerkleRoot(bytes32 root) external onlyOwner {
        agentMerkleRoot = root;
        emit AgentMerkleRootUpdated(root);
    }

    /// @notice Sets the root of the validators' Merkle list; zero closes it. Errors: NotGovernance.
    function setValidatorMerkleRoot(bytes32 root) external onlyOwner {
        validatorMerkleRoot = root;
        emit ValidatorMerkleRootUpdated(root);
    }

    /// @notice Records the ENS registry; kept for readers of v2, this contract asks the NameWrapper only.
    /// Errors: NotGovernance.
    function setENS(address account) external onlyOwner {
        ens = account;
        emit ENSUpdated(account);
    }

    /// @notice Sets the ENS NameWrapper; zero closes that way. Errors: NotGovernance.
    function setNameWrapper(address account) external onlyOwner {
        nameWrapper = INameWrapper(account);
        emit NameWrapperUpdated(account);
    }

    function _node(bytes32 root, string calldata label) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(root, keccak256(bytes(label))));
    }

    function _proven(address who, string calldata label, bytes32[] calldata proof, bytes32 root, bytes32 node)
        private
        view
        returns (bool viaWrapper, bool viaMerkle)
    {
        bytes32 leaf = keccak256(abi.encode(who, keccak256(bytes(label))));
        viaMerkle = root != bytes32(0) && MerkleProof.verifyCalldata(proof, root, leaf);
        if (viaMerkle || address(nameWrapper).code.length == 0) return (false, viaMerkle);
        try nameWrapper.ownerOf(uint256(node)) returns (address owner_) {
            viaWrapper = owner_ == who;
        } catch {
            viaWrapper = false;
        }
    }
}

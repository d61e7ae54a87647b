// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Errors} from "./Errors.sol";
import {IIdentityRegistry, IJobRegistry, IStakeManager} from "./Interfaces.sol";
import {Module} from "./Module.sol";
import {VotingRules} from "./VotingRules.sol";

/// @title One round of validation a job: committee, commit, reveal, tally
contract ValidationModule is VotingRules, ReentrancyGuard {
    struct Round {
        uint64 startedAt;
        uint64 selectionBlock;
        uint64 commitDeadline;
        uint64 revealDeadline;
        uint32 committee;
        uint32 commits;
        uint32 reveals;
        uint32 approvalCount;
        bool tallied;
        bool success;
        uint256 approvals;
        uint256 rejections;
        uint256 entropy;
    }

    /// @notice Part of every commitment, so that one made for another contract or chain is worth nothing.
    bytes32 public immutable DOMAIN_SEPARATOR;

    /// @notice The round of a job: startedAt, selectionBlock, commitDeadline, revealDeadline (unix seconds; the
    /// deadlines are 0 until the committee is chosen), committee, commits, reveals, approvalCount (heads), tallied,
    /// success, approvals and rejections (stake in base units), entropy.
    mapping(uint256 jobId => Round) public rounds;
    /// @notice The nonce that a commitment of this job's round must hold; 0 before the committee is chosen.
    mapping(uint256 jobId => uint256) public jobNonce;
    /// @notice A validator's weight in a job's committee (stake when chosen, base units); 0 for others.
    mapping(uint256 jobId => mapping(address validator => uint256)) public validatorStakes;
    mapping(uint256 jobId => mapping(address validator => mapping(uint256 nonce => bytes32))) public commitments;
    mapping(uint256 jobId => mapping(address validator => bool)) public revealed;
    mapping(uint256 jobId => mapping(address validator => bool)) public votes;
    mapping(uint256 jobId => address[]) private _committee;

    event ValidatorsSelected(uint256 indexed jobId, address[] validators);
    event ValidationCommitted(
        uint256 indexed jobId, address indexed validator, bytes32 commitHash, string subdomain
    );
    event ValidationRevealed(
        uint256 indexed jobId, address indexed validator, bool approve, bytes32 burnTxHash, string subdomain
    );
    event ValidationTallied(uint256 indexed jobId, bool success, uint256 approvals, uint256 rejections);
    event ValidationResult(uint256 indexed jobId, bool success);
    event ValidationQuorumFailed(uint256 indexed jobId, uint256 revealed, uint256 quorum);

    constructor(address governance, address forwarder, uint256 commitWindow_, uint256 revealWindow_, uint256 committee_)
        Module(governance, forwarder)
        VotingRules(commitWindow_, revealWindow_, committee_)
    {
        DOMAIN_SEPARATOR = keccak256(abi.encode("ValidationModule", "2", block.chainid, address(this)));
    }

    /// @notice Opens the round of a submitted job. Errors: OnlyJobRegistry.
    function start(uint256 jobId, uint256 entropy) external {
        if (_msgSender() != address(jobRegistry)) revert Errors.OnlyJobRegistry();
        Round storage r = rounds[jobId];
        r.startedAt = uint64(block.timestamp);
        // The hash of the next block is known to nobody yet.
        r.selectionBlock = uint64(block.number + 1);
        r.entropy = entropy;
    }

    /// @notice Chooses the committee; anyone may call once the block is past `selectionBlock`. Opens the commit window.
    /// Errors: JobNotSubmitted, ValidatorsAlreadySelected, AlreadyTallied, NotReady, ValidatorPoolTooSmall,
    /// InsufficientValidators (too few of the pool have stake).
    /// @param entropy The caller's own randomness.
    /// @return chosen The committee.
    function selectValidators(uint256 jobId, uint256 entropy)
        external
        whenNotPaused
        nonReentrant
        returns (address[] memory chosen)
    {
        Round storage r = _openRound(jobId);
        if (r.commitDeadline != 0) revert Errors.ValidatorsAlreadySelected();
        if (block.number <= r.selectionBlock) revert Errors.NotReady();
        uint256 seed = uint256(keccak256(abi.encode(r.entropy, entropy, blockhash(r.selectionBlock), block.prevrandao)));
        chosen = _draw(jobId, seed);
        for (uint256 i = 0; i < chosen.length; i++) {
            validatorStakes[jobId][chosen[i]] = stakeManager.stakeOf(chosen[i], 1);
        }
        _committee[jobId] = chosen;
        jobNonce[jobId]++;
        r.committee = uint32(chosen.length);
        r.commitDeadline = uint64(block.timestamp + commitWindow);
        r.revealDeadline = uint64(block.timestamp + commitWindow + revealWindow);
        emit ValidatorsSelected(jobId, chosen);
    }

    /// @notice Commits to a vote until commitDeadline (inclusive). Errors: JobNotSubmitted, CommitPhaseClosed (also
    /// before the committee is chosen), NotValidator, AlreadyCommitted, UnauthorizedValidator.
    /// @param commitHash keccak(abi.encode(jobId, keccak(abi.encode(nonce, specHash, approve, burnTxHash)), salt,
    /// validator, chainId, DOMAIN_SEPARATOR)), all as 32-byte words.
    /// @param subdomain The validator's ENS label. @param proof Merkle proof, or empty.
    function commitValidation(uint256 jobId, bytes32 commitHash, string calldata subdomain, bytes32[] calldata proof)
        external
        whenNotPaused
        nonReentrant
    {
        Round storage r = _openRound(jobId);
        if (block.timestamp > r.commitDeadline) revert Errors.CommitPhaseClosed();
        if (validatorStakes[jobId][_msgSender()] == 0) revert Errors.NotValidator();
        uint256 nonce = jobNonce[jobId];
        if (commitments[jobId][_msgSender()][nonce] != bytes32(0)) revert Errors.AlreadyCommitted();
        _checkIdentity(subdomain, proof);
        commitments[jobId][_msgSender()][nonce] = commitHash;
        r.commits++;
        emit ValidationCommitted(jobId, _msgSender(), commitHash, subdomain);
    }

    /// @notice Shows the vote, after commitDeadline and until revealDeadline (inclusive). Errors: JobNotSubmitted,
    /// CommitPhaseActive, RevealPhaseClosed, NotValidator, CommitMissing, AlreadyRevealed, InvalidReveal,
    /// UnauthorizedValidator.
    function revealValidation(
        uint256 jobId,
        bool approve,
        bytes32 burnTxHash,
        bytes32 salt,
        string calldata subdomain,
        bytes32[] calldata proof
    ) external whenNotPaused nonReentrant {
        Round storage r = _openRound(jobId);
        if (block.timestamp <= r.commitDeadline || r.commitDeadline == 0) revert Errors.CommitPhaseActive();
        if (block.timestamp > r.revealDeadline) revert Errors.RevealPhaseClosed();
        _checkReveal(jobId, approve, burnTxHash, salt);
        _checkIdentity(subdomain, proof);
        _count(jobId, r, approve);
        emit ValidationRevealed(jobId, _msgSender(), approve, burnTxHash, subdomain);
    }

    /// @notice Counts the vote; anyone may call when all have revealed or the window has ended.
    /// Errors: JobNotSubmitted, AlreadyTallied, NotReady (no committee), RevealPending,
    /// InsufficientValidators (no quorum: forceFinalize after the grace).
    /// @return success Whether the work was approved.
    function finalize(uint256 jobId) external whenNotPaused nonReentrant returns (bool success) {
        Round storage r = _openRound(jobId);
        if (r.commitDeadline == 0) revert Errors.NotReady();
        if (block.timestamp <= r.revealDeadline && r.reveals < r.committee) revert Errors.RevealPending();
        if (r.reveals < quorum(r.committee)) revert Errors.InsufficientValidators();
        return _tally(jobId, r);
    }

    /// @notice Ends a round that found no quorum or no committee, once the windows and forceFinalizeGrace are over;
    /// with a quorum it counts as finalize does. Errors: JobNotSubmitted, AlreadyTallied, RevealPending.
    /// @return success Whether the work was approved; false without a quorum.
    function forceFinalize(uint256 jobId) external whenNotPaused nonReentrant returns (bool success) {
        Round storage r = _openRound(jobId);
        uint256 end = r.commitDeadline == 0 ? r.startedAt + commitWindow + revealWindow : r.revealDeadline;
        if (block.timestamp <= end + forceFinalizeGrace) revert Errors.RevealPending();
        uint256 needed = quorum(r.commitDeadline == 0 ? committeeSize : r.committee);
        if (r.reveals >= needed) return _tally(jobId, r);
        r.tallied = true;
        emit ValidationQuorumFailed(jobId, r.reveals, needed);
        jobRegistry.forceFinalize(jobId);
    }

    /// @notice The committee of a job; empty before it is chosen.
    function validators(uint256 jobId) external view returns (address[] memory) {
        return _committee[jobId];
    }

    /// @notice Last second of the commit window (unix); 0 before the committee is chosen.
    function commitDeadline(uint256 jobId) external view returns (uint256) {
        return rounds[jobId].commitDeadline;
    }

    /// @notice Last second of the reveal window (unix); 0 before the committee is chosen.
    function revealDeadline(uint256 jobId) external view returns (uint256) {
        return rounds[jobId].revealDeadline;
    }

    /// @notice Who shares the validators' part: those who revealed and voted with the outcome, weighed by stake.
    function payoutShares(uint256 jobId, bool success)
        external
        view
        returns (address[] memory who, uint256[] memory weights)
    {
        address[] storage all = _committee[jobId];
        uint256 n;
        (who, weights) = (new address[](all.length), new uint256[](all.length));
        for (uint256 i = 0; i < all.length; i++) {
            if (!revealed[jobId][all[i]] || votes[jobId][all[i]] != success) continue;
            (who[n], weights[n]) = (all[i], validatorStakes[jobId][all[i]]);
            n++;
        }
        // Shortens both arrays in memory to the n that were filled.
        assembly ("memory-safe") {
            mstore(who, n)
            mstore(weights, n)
        }
    }

    function _openRound(uint256 jobId) private view returns (Round storage r) {
        r = rounds[jobId];
        if (r.startedAt == 0) revert Errors.JobNotSubmitted();
        if (r.tallied) revert Errors.AlreadyTallied();
    }

    function _checkReveal(uint256 jobId, bool approve, bytes32 burnTxHash, bytes32 salt) private view {
        if (validatorStakes[jobId][_msgSender()] == 0) revert Errors.NotValidator();
        uint256 nonce = jobNonce[jobId];
        bytes32 commitment = commitments[jobId][_msgSender()][nonce];
        if (commitment == bytes32(0)) revert Errors.CommitMissing();
        if (revealed[jobId][_msgSender()]) revert Errors.AlreadyRevealed();
        bytes32 vote = keccak256(abi.encode(nonce, jobRegistry.getSpecHash(jobId), approve, burnTxHash));
        bytes32 whole = keccak256(abi.encode(jobId, vote, salt, _msgSender(), block.chainid, DOMAIN_SEPARATOR));
        if (whole != commitment) revert Errors.InvalidReveal();
    }

    function _count(uint256 jobId, Round storage r, bool approve) private {
        uint256 weight = validatorStakes[jobId][_msgSender()];
        revealed[jobId][_msgSender()] = true;
        votes[jobId][_msgSender()] = approve;
        r.reveals++;
        if (approve) {
            r.approvals += weight;
            r.approvalCount++;
        } else {
            r.rejections += weight;
        }
    }

    function _tally(uint256 jobId, Round storage r) private returns (bool success) {
        success = _approved(r.approvals, r.rejections, r.approvalCount, r.committee);
        (r.tallied, r.success) = (true, success);
        emit ValidationTallied(jobId, success, r.approvals, r.rejections);
        emit ValidationResult(jobId, success);
        jobRegistry.onValidationResult(jobId, success, _committee[jobId]);
    }
}

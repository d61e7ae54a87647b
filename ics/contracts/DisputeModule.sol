// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Errors} from "./Errors.sol";
import {IJobRegistry, IStakeManager} from "./Interfaces.sol";
import {Module} from "./Module.sol";

/// @title One dispute a job, decided by the moderator or governance
contract DisputeModule is Module {
    struct Dispute {
        address claimant;
        uint64 raisedAt;
        bool resolved;
        uint256 fee;
        bytes32 evidenceHash;
    }

    IJobRegistry public jobRegistry;
    IStakeManager public stakeManager;
    address public moderator;
    /// @notice Base units that a claimant pays; needs an approval to the stake manager.
    uint256 public disputeFee;
    /// @notice Seconds between raising and the earliest resolution.
    uint256 public disputeWindow;
    mapping(uint256 jobId => Dispute) public disputes;

    event DisputeRaised(uint256 indexed jobId, address indexed claimant, bytes32 indexed evidenceHash, string reason);
    event EvidenceSubmitted(uint256 indexed jobId, address indexed caller, bytes32 indexed evidenceHash, string uri);
    event DisputeResolved(uint256 indexed jobId, address indexed resolver, bool employerWins);
    event DisputeFeeUpdated(uint256 fee);
    event DisputeWindowUpdated(uint256 window);
    event ModeratorUpdated(address indexed moderator);

    constructor(address governance, address forwarder, uint256 fee, uint256 window) Module(governance, forwarder) {
        disputeFee = fee;
        disputeWindow = window;
        moderator = governance;
    }

    /// @notice Opens a dispute and takes the fee. Errors: "not registry", "disputed", "evidence", ERC20 errors.
    function raiseDispute(uint256 jobId, address claimant, bytes32 evidenceHash, string calldata reason)
        external
        whenNotPaused
    {
        require(_msgSender() == address(jobRegistry), "not registry");
        require(disputes[jobId].raisedAt == 0, "disputed");
        require(evidenceHash != bytes32(0) || bytes(reason).length > 0, "evidence");
        disputes[jobId] = Dispute(claimant, uint64(block.timestamp), false, disputeFee, evidenceHash);
        if (disputeFee > 0) stakeManager.lockDisputeFee(claimant, disputeFee);
        emit DisputeRaised(jobId, claimant, evidenceHash, reason);
    }

    /// @notice Adds evidence of the employer or agent to an open dispute. Errors: "no dispute", "evidence",
    /// "not participant".
    function submitEvidence(uint256 jobId, bytes32 evidenceHash, string calldata uri) external whenNotPaused {
        _checkOpen(jobId);
        require(evidenceHash != bytes32(0) || bytes(uri).length > 0, "evidence");
        (address employer, address agent) = jobRegistry.participants(jobId);
        require(_msgSender() == employer || _msgSender() == agent, "not participant");
        emit EvidenceSubmitted(jobId, _msgSender(), evidenceHash, uri);
    }

    /// @notice Decides a dispute after its window; the fee goes to the employer if he wins, else to the claimant.
    /// Errors: NotGovernance, "no dispute", "window".
    function resolveDispute(uint256 jobId, bool employerWins) external whenNotPaused {
        if (_msgSender() != moderator && _msgSender() != owner()) revert Errors.NotGovernance();
        _checkOpen(jobId);
        Dispute storage d = disputes[jobId];
        require(block.timestamp >= d.raisedAt + disputeWindow, "window");
        d.resolved = true;
        jobRegistry.resolveDispute(jobId, employerWins);
        (address employer,) = jobRegistry.participants(jobId);
        if (d.fee > 0) stakeManager.payDisputeFee(employerWins ? employer : d.claimant, d.fee);
        emit DisputeResolved(jobId, _msgSender(), employerWins);
    }

    /// @notice Names registry and stake manager. Errors: NotGovernance.
    function setModules(IJobRegistry registry, IStakeManager stakes) external onlyOwner {
        (jobRegistry, stakeManager) = (registry, stakes);
    }

    /// @notice Sets the fee in base units. Errors: NotGovernance.
    function setDisputeFee(uint256 fee) external onlyOwner {
        disputeFee = fee;
        emit DisputeFeeUpdated(fee);
    }

    /// @notice Sets the window in seconds. Errors: NotGovernance.
    function setDisputeWindow(uint256 window) external onlyOwner {
        disputeWindow = window;
        emit DisputeWindowUpdated(window);
    }

    /// @notice Names the moderator beside governance. Errors: NotGovernance.
    function setModerator(address account) external onlyOwner {
        moderator = account;
        emit ModeratorUpdated(account);
    }

    function _checkOpen(uint256 jobId) private view {
        require(disputes[jobId].raisedAt != 0 && !disputes[jobId].resolved, "no dispute");
    }
}
